//VTK::System::Dec
//VTK::Output::Dec

// A disc with a soft edge, and a ring inside it where the point is emphasised.
flat in vec4 look; // see the vertex shader

vec3 unpackRgb(float rgb)
{
    return vec3(floor(rgb / 65536.0), mod(floor(rgb / 256.0), 256.0), mod(rgb, 256.0)) / 255.0;
}

void main()
{
    float radius = look.w;
    float distance = length(gl_PointCoord - vec2(0.5)) * (2.0 * radius + 1.0);
    float coverage = clamp(radius + 0.5 - distance, 0.0, 1.0);
    if (coverage < 0.05) {
        discard;
    }
    vec3 rgb = unpackRgb(look.x);
    float alpha = look.z;
    if (look.y >= 0.0) {
        float ringWidth = max(1.25, 0.14 * radius);
        float inRing = clamp(distance - (radius - ringWidth) + 0.5, 0.0, 1.0);
        rgb = mix(rgb, unpackRgb(look.y), inRing);
        alpha = max(alpha, inRing);
    }
    gl_FragData[0] = vec4(rgb, alpha * coverage);
}
