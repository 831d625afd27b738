#include "core/session/Sample.h"

#include "core/data/File_p.h"
#include "core/job/Parallel.h"
#include "core/session/SampleParts_p.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace semascope::core {

namespace fs = std::filesystem;

namespace {

constexpr char kPictures[] = "pictures", kTable[] = "samples.csv", kModel[] = "random-weights-sample",
               kReadme[] = "README.txt";

constexpr char kReadmeText[] =
    "The sample that Semascope makes for itself, so that it can be tried without any files.\n"
    "\n"
    "pictures/               240 drawn shapes, and samples.csv with a caption and the facts of each\n"
    "random-weights-sample/  a small CLIP in the Hugging Face layout\n"
    "\n"
    "The weights of this model are RANDOM. It has learned nothing: its maps show colours and sizes at most, and its\n"
    "scores mean nothing. It is here so that every step can be seen working. For real results open a real CLIP\n"
    "checkpoint (OpenAI, OpenCLIP or Hugging Face) together with its vocabulary.\n"
    "\n"
    "This folder may be deleted at any time; Semascope makes it again when it is wanted.\n";

std::string tableOf(const std::vector<SampleShape>& shapes)
{
    std::string csv = "file,caption,shape,colour,background,size\n";
    for (const SampleShape& s : shapes) {
        csv += s.file + ",\"" + s.caption + "\"," + s.shape + "," + s.colour + "," + s.background + "," + s.size + "\n";
    }
    return csv;
}

/// Every file of the sample, relative to its folder; the pictures first.
std::vector<std::string> sampleFiles(const std::vector<SampleShape>& shapes)
{
    std::vector<std::string> files;
    for (const SampleShape& s : shapes) {
        files.push_back(std::string(kPictures) + "/" + s.file);
    }
    files.push_back(std::string(kPictures) + "/" + kTable);
    for (const std::string& name : sampleModelFiles()) {
        files.push_back(std::string(kModel) + "/" + name);
    }
    files.emplace_back(kReadme);
    return files;
}

/// A machine that lost power may leave files without content.
bool hasContent(const fs::path& file)
{
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    return !failed && size > 0;
}

void drawAll(const fs::path& folder, const std::vector<SampleShape>& shapes, JobContext& job)
{
    std::atomic<std::size_t> done = 0;
    parallelFor(shapes.size(), 4, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            job.checkpoint();
            const std::vector<std::uint8_t> png = drawSampleShape(shapes[i]);
            writeSampleFile((folder / shapes[i].file).string(), png.data(), png.size());
            job.progress("drawing the built-in sample", "pictures", ++done, shapes.size());
        }
    });
}

void writeSample(const fs::path& folder, const std::vector<SampleShape>& shapes, JobContext& job)
{
    fs::create_directories(folder / kPictures);
    fs::create_directories(folder / kModel);
    drawAll(folder / kPictures, shapes, job);
    const std::string table = tableOf(shapes);
    writeSampleFile((folder / kPictures / kTable).string(), table.data(), table.size());
    job.checkpoint();
    std::vector<std::string> captions;
    for (const SampleShape& s : shapes) {
        captions.push_back(s.caption);
    }
    writeSampleModel((folder / kModel).string(), captions);
    writeSampleFile((folder / kReadme).string(), kReadmeText, sizeof kReadmeText - 1);
}

/// A folder beside the final one; gone again when it has not been moved.
class ScratchFolder
{
public:
    explicit ScratchFolder(const fs::path& beside)
    {
        std::string name = beside.string() + ".part-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) {
            throw fs::filesystem_error("mkdtemp", beside, std::error_code(errno, std::generic_category()));
        }
        m_path = name;
        fs::permissions(m_path, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                    fs::perms::others_read | fs::perms::others_exec);
    }
    ~ScratchFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

/// One rename where nothing is there yet; else (damaged, or somebody else was faster) file by file, each of them whole.
void moveInto(const fs::path& from, const fs::path& folder, const std::vector<std::string>& files)
{
    std::error_code failed;
    fs::rename(from, folder, failed);
    if (!failed) {
        return;
    }
    fs::create_directories(folder / kPictures);
    fs::create_directories(folder / kModel);
    for (const std::string& file : files) {
        fs::rename(from / file, folder / file);
    }
}

} // namespace

void writeSampleFile(const std::string& path, const void* data, std::size_t size)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
    out.close();
    if (!out) {
        throw Error(Code::Io, quoted(path) + " cannot be written: " + std::strerror(errno) + ".");
    }
}

std::string builtInSampleFolder()
{
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && value[0] == '/' ? fs::path(value) : fs::path();
    };
    fs::path cache = variable("XDG_CACHE_HOME");
    if (cache.empty() && !variable("HOME").empty()) {
        cache = variable("HOME") / ".cache";
    }
    if (cache.empty()) {
        std::error_code failed;
        cache = fs::temp_directory_path(failed);
    }
    return (cache / "semascope" / "sample-1").string();
}

bool isBuiltInSample(const std::string& modelPath)
{
    return !modelPath.empty() && modelPath.rfind(builtInSampleFolder() + "/", 0) == 0;
}

SampleFiles builtInSample(const std::string& folder, JobContext& job)
{
    const fs::path target = fs::path(absolutePath(folder)).lexically_normal();
    const fs::path place = target.filename().empty() ? target.parent_path() : target;
    const std::vector<SampleShape> shapes = sampleShapes();
    const std::vector<std::string> files = sampleFiles(shapes);
    const auto isThere = [&place](const std::string& file) { return hasContent(place / file); };
    try {
        if (!std::all_of(files.begin(), files.end(), isThere)) {
            fs::create_directories(place.parent_path());
            const ScratchFolder scratch(place);
            writeSample(scratch.path(), shapes, job);
            moveInto(scratch.path(), place, files);
        }
    } catch (const fs::filesystem_error& e) {
        throw Error(Code::Io, "The built-in sample cannot be written to " + quoted(place.string()) + ": " +
                                  e.code().message() + ".");
    }
    return {(place / kPictures / kTable).string(), (place / kModel).string()};
}

} // namespace semascope::core
