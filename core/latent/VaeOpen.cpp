#include "core/checkpoint/Detect.h"
#include "core/data/Picture.h"
#include "core/job/Compute.h"
#include "core/latent/Vae.h"
#include "core/latent/VaeNet_p.h"

#include <filesystem>

namespace semascope::core {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kBatch = 64; ///< pictures between two looks at the stop button

at::Tensor tensorOf(const Matrix& m, std::int64_t first, std::int64_t count, const std::vector<std::int64_t>& shape)
{
    std::vector<std::int64_t> all{count};
    all.insert(all.end(), shape.begin(), shape.end());
    const float* from = m.row(static_cast<std::size_t>(first));
    return at::from_blob(const_cast<float*>(from), all, at::kFloat);
}

void copyTo(std::vector<float>& out, std::int64_t first, const at::Tensor& values)
{
    const at::Tensor held = values.to(at::kCPU, at::kFloat).contiguous();
    const auto width = static_cast<std::size_t>(held.numel() / held.size(0));
    std::copy_n(held.data_ptr<float>(), held.numel(), out.data() + static_cast<std::size_t>(first) * width);
}

class TorchVae final : public Vae
{
public:
    TorchVae(VaeSpec spec, latent::Weights weights, const at::Device& device)
        : m_spec(std::move(spec)), m_weights(std::move(weights)), m_device(device)
    {}

    const VaeSpec& spec() const noexcept override { return m_spec; }
    const std::string& name() const noexcept override { return m_name; }
    const std::string& path() const noexcept override { return m_path; }
    std::string weightsHash() const override { return m_hash; }
    std::string deviceName() const override { return m_device.str(); }
    std::uint64_t parameters() const noexcept override
    {
        std::uint64_t count = 0;
        for (const auto& [key, value] : m_weights) {
            count += static_cast<std::uint64_t>(value.numel());
        }
        return count;
    }

    Posterior encode(const Matrix& pixels, JobContext& job) const override
    {
        const std::int64_t side = m_spec.side;
        requireWidth(pixels, static_cast<std::size_t>(m_spec.channels * side * side), "pixels");
        const c10::InferenceMode inference;
        std::vector<float> mean(pixels.rows() * latents()), variance(mean.size());
        forBatches(pixels.rows(), job, [&](std::int64_t first, std::int64_t count) {
            const at::Tensor x = tensorOf(pixels, first, count, {m_spec.channels, side, side}).to(m_device);
            const auto [mu, logVariance] = latent::splitHead(m_spec, latent::run(m_spec.encoder, m_weights, x));
            copyTo(mean, first, mu);
            copyTo(variance, first, logVariance);
        });
        return {Matrix::from(std::move(mean), pixels.rows(), latents()),
                Matrix::from(std::move(variance), pixels.rows(), latents())};
    }

    Matrix decode(const Matrix& z, JobContext& job) const override
    {
        requireWidth(z, latents(), "latents");
        const c10::InferenceMode inference;
        const auto numbers = static_cast<std::size_t>(m_spec.channels * m_spec.side * m_spec.side);
        std::vector<float> out(z.rows() * numbers);
        forBatches(z.rows(), job, [&](std::int64_t first, std::int64_t count) {
            at::Tensor x =
                latent::run(m_spec.decoder, m_weights, tensorOf(z, first, count, {m_spec.latents}).to(m_device));
            if (m_spec.range == PixelRange::Signed) {
                x = (x + 1) / 2;
            }
            copyTo(out, first, x.clamp(0, 1));
        });
        return Matrix::from(std::move(out), z.rows(), numbers);
    }

    std::string m_name, m_path, m_hash;

private:
    std::size_t latents() const { return static_cast<std::size_t>(m_spec.latents); }
    static void requireWidth(const Matrix& m, std::size_t width, const char* what)
    {
        if (m.cols() != width) {
            throw Error(Code::Mismatch, "The VAE takes " + std::to_string(width) + " " + what + " a row but got " +
                                            std::to_string(m.cols()) + "; use the data it was opened for.");
        }
    }
    template<class Body> static void forBatches(std::size_t rows, JobContext& job, Body body)
    {
        for (std::int64_t first = 0; first < static_cast<std::int64_t>(rows); first += kBatch) {
            job.checkpoint();
            body(first, std::min(kBatch, static_cast<std::int64_t>(rows) - first));
        }
    }

    VaeSpec m_spec;
    latent::Weights m_weights;
    at::Device m_device;
};

/// The weights file of a folder, most specific name first.
std::string weightsIn(const fs::path& folder)
{
    for (const char* name : {"model.safetensors", "vae.safetensors", "model.pt", "model.pth", "model.bin"}) {
        if (fs::exists(folder / name)) {
            return (folder / name).string();
        }
    }
    throw Error(Code::NotFound, folder.string() + " holds no model.safetensors or model.pt; open a VAE's folder.");
}

/// What our own config.json says; nothing when it is one of another kind.
std::optional<VaeSpec> describedIn(const fs::path& config)
{
    const std::vector<std::uint8_t> bytes = readRegularFile(config.string());
    const std::string text(bytes.begin(), bytes.end());
    const bool ours = text.find("\"vae\"") != std::string::npos;
    return ours ? std::optional(vaeSpecFromJson(text, config.string())) : std::nullopt;
}

} // namespace

std::shared_ptr<const Vae> Vae::open(const std::string& path, const std::string& device, JobContext& job)
{
    job.checkpoint();
    const bool folder = fs::is_directory(path);
    const std::string file = folder ? weightsIn(path) : path;
    const StateDict state = readStateDict(file);
    const fs::path config = fs::path(file).parent_path() / "config.json";
    std::optional<VaeSpec> spec = fs::exists(config) ? describedIn(config) : std::nullopt;
    if (!spec) {
        spec = recogniseVae(state);
    }
    if (!spec) {
        throw Error(Code::Unsupported,
                    file +
                        " is no VAE whose architecture is known (Burgess, disentanglement_lib, 32 or 64 px); describe "
                        "it in config.json beside it, or export it as encoder.onnx and decoder.onnx.");
    }
    checkVaeSpec(*spec);
    const Device chosen = chooseDevice(device);
    const at::Device where =
        chosen.cuda ? at::Device(at::kCUDA, static_cast<at::DeviceIndex>(chosen.index)) : at::Device(at::kCPU);
    auto vae = std::make_shared<TorchVae>(*spec, latent::takeWeights(*spec, state, where), where);
    const fs::path named = fs::path(path).lexically_normal();
    vae->m_name = folder ? named.filename().string() : named.parent_path().filename().string();
    vae->m_path = path;
    vae->m_hash = core::weightsHash({file});
    return vae;
}

} // namespace semascope::core
