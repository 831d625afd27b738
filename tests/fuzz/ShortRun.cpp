// The short run of a fuzz target, for the suite: every seed as it is, then changed at random in ways that readers of
// files get wrong. The same changes each time. usage: fuzz_X CORPUS [ROUNDS]
#include "tests/fuzz/Fuzz.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;
Bytes current; ///< what a crash is about

extern "C" void writeInput(int signal)
{
    const int fd = open("fuzz-crash.bin", O_CREAT | O_WRONLY | O_TRUNC, 0644);
    if (fd >= 0 && write(fd, current.data(), current.size()) == static_cast<ssize_t>(current.size())) {
        constexpr char kText[] = "the input is in fuzz-crash.bin\n";
        (void)!write(STDERR_FILENO, kText, sizeof kText - 1);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

class Mutator
{
public:
    explicit Mutator(const std::vector<Bytes>& seeds) : m_seeds(seeds) {}
    Bytes next()
    {
        Bytes b = m_seeds[below(m_seeds.size())];
        const std::size_t changes = 1 + below(4);
        for (std::size_t i = 0; i < changes && !b.empty(); ++i) {
            change(b);
        }
        return b;
    }

private:
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(m_random() % n); }
    void change(Bytes& b)
    {
        const std::size_t at = below(b.size());
        switch (below(8)) {
        case 0:
            b[at] ^= static_cast<std::uint8_t>(1U << below(8));
            break;
        case 1:
            b[at] = static_cast<std::uint8_t>(m_random());
            break;
        case 2:
            writeNumber(b, at);
            break;
        case 3:
            b.resize(at);
            break;
        case 4:
            b.erase(b.begin() + static_cast<std::ptrdiff_t>(at),
                    b.begin() + static_cast<std::ptrdiff_t>(std::min(b.size(), at + 1 + below(16))));
            break;
        case 5:
            b.insert(b.begin() + static_cast<std::ptrdiff_t>(at), 1 + below(16), static_cast<std::uint8_t>(m_random()));
            break;
        case 6: {
            const Bytes copy(b.begin() + static_cast<std::ptrdiff_t>(at),
                             b.begin() + static_cast<std::ptrdiff_t>(std::min(b.size(), at + 1 + below(64))));
            b.insert(b.begin() + static_cast<std::ptrdiff_t>(below(b.size())), copy.begin(), copy.end());
            break;
        }
        default:
            splice(b, at);
        }
    }
    /// A length or offset that overflows something, at any width and byte order.
    void writeNumber(Bytes& b, std::size_t at)
    {
        constexpr std::array<std::uint64_t, 12> kNumbers{
            0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 1ULL << 40, ~0ULL >> 1, ~0ULL};
        const std::uint64_t value = kNumbers[below(kNumbers.size())];
        const std::size_t width = std::size_t(1) << below(4);
        const bool bigEndian = below(2) == 1;
        for (std::size_t i = 0; i < width && at + i < b.size(); ++i) {
            b[at + i] = static_cast<std::uint8_t>(value >> (8 * (bigEndian ? width - 1 - i : i)));
        }
    }
    void splice(Bytes& b, std::size_t at)
    {
        const Bytes& other = m_seeds[below(m_seeds.size())];
        if (!other.empty()) {
            const std::size_t from = below(other.size());
            b.resize(at);
            b.insert(b.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
        }
    }

    const std::vector<Bytes>& m_seeds;
    std::mt19937_64 m_random{20211123};
};

std::vector<Bytes> readCorpus(const char* folder)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Bytes> seeds;
    for (const auto& path : paths) {
        std::ifstream in(path, std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return seeds;
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<Bytes> seeds = argc > 1 ? readCorpus(argv[1]) : std::vector<Bytes>{};
    if (seeds.empty()) {
        std::fprintf(stderr, "usage: %s CORPUS [ROUNDS], where the folder CORPUS holds seeds\n", argv[0]);
        return 2;
    }
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
        std::signal(signal, writeInput);
    }
    for (const Bytes& seed : seeds) {
        current = seed;
        LLVMFuzzerTestOneInput(current.data(), current.size());
    }
    Mutator mutator(seeds);
    const long rounds = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 20000;
    for (long i = 0; i < rounds; ++i) {
        current = mutator.next();
        LLVMFuzzerTestOneInput(current.data(), current.size());
    }
    std::printf("%zu seeds, %ld changed inputs: every one read or refused\n", seeds.size(), rounds);
}
