//VTK::System::Dec

// One point of the map. Positions are in the unit box; every attribute has a buffer of its own.
in vec3 posA;   // where the point comes from
in vec3 posB;   // where it goes
in vec4 colour;
in vec4 state;  // bytes / 255: selected, hidden, current, unused

uniform mat4 worldToClip;
uniform float transition;   // 0: at posA, 1: at posB
uniform float targetDepth;  // distance of the camera's target in 3D, 0 in 2D
uniform float sizePx;
uniform float opacity;
uniform int selecting;      // 1: there is a selection, the rest steps back
uniform vec3 background;
uniform vec3 ink;           // of text
uniform vec3 accent;

// One vector in all, because software renderers pay per vector and point: fill colour and ring colour (negative: no ring) as
// 24-bit integers, opacity, radius in pixels.
flat out vec4 look;

float packRgb(vec3 rgb)
{
    vec3 bytes = round(clamp(rgb, 0.0, 1.0) * 255.0);
    return bytes.r * 65536.0 + bytes.g * 256.0 + bytes.b;
}

void main()
{
    bool isSelected = state.x > 0.0;
    bool isHidden = state.y > 0.0;
    bool isCurrent = state.z > 0.0;
    bool isBack = selecting == 1 && !isSelected;

    vec4 clip = worldToClip * vec4(mix(posA, posB, transition), 1.0);
    bool isBehind = targetDepth > 0.0 && clip.w <= 0.01 * targetDepth;
    if (isHidden || isBehind) {
        gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
        gl_PointSize = 1.0;
        look = vec4(0.0);
        return;
    }

    float nearness = targetDepth > 0.0 ? clamp(targetDepth / clip.w, 0.5, 2.0) : 1.0;
    float radius = 0.5 * sizePx * nearness * (isCurrent ? 1.35 : 1.0);
    vec3 fill = isBack && !isCurrent ? mix(colour.rgb, background, 0.78) : colour.rgb;
    float ring = -1.0;
    if (isCurrent) {
        ring = packRgb(accent);
    } else if (selecting == 1 && isSelected) {
        ring = packRgb(mix(colour.rgb, ink, 0.45));
    }
    look = vec4(packRgb(fill), ring, isCurrent ? 1.0 : opacity * colour.a, radius);

    // The depth range is cut into layers: current, normal, stepped back. Within one, 3D sorts by depth and 2D by order.
    float within = targetDepth > 0.0 ? 0.5 + 0.5 * clip.z / clip.w : 0.5;
    float layer = isCurrent ? 0.0 : (isBack ? 2.0 : 1.0);
    gl_Position = vec4(clip.xy / clip.w, (layer + clamp(within, 0.0, 1.0)) / 1.5 - 1.0, 1.0);
    gl_PointSize = 2.0 * radius + 1.0;
}
