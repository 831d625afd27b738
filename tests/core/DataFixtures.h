#pragma once
#include "PictureFixtures.h"
#include "core/data/Dataset.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"

#include <QtTest>

namespace fixtures {

/// Runs `body` and returns the message of its Error; empty when it did not throw.
template<class Body> std::string messageOf(Body body)
{
    try {
        body();
    } catch (const semascope::core::Error& e) {
        return e.what();
    }
    return {};
}
template<class Body> std::optional<semascope::core::Code> codeOf(Body body)
{
    try {
        body();
    } catch (const semascope::core::Error& e) {
        return e.code();
    }
    return std::nullopt;
}

inline semascope::core::Dataset open(const semascope::core::OpenSpec& spec)
{
    semascope::core::JobContext job;
    semascope::core::Dataset data = semascope::core::openDataset(spec, job);
    if (data.found != data.samples.size() + data.skipped.size()) {
        throw std::logic_error("found " + std::to_string(data.found) + " is not loaded " +
                               std::to_string(data.samples.size()) + " + skipped " +
                               std::to_string(data.skipped.size()));
    }
    return data;
}
inline semascope::core::Dataset openPath(const std::string& path)
{
    semascope::core::OpenSpec spec;
    spec.path = path;
    return open(spec);
}

/// The reason why a file whose path ends so was skipped; empty when it was not.
inline std::string reasonOf(const semascope::core::Dataset& data, const std::string& ending)
{
    for (const semascope::core::Skip& skip : data.skipped) {
        if (skip.path.size() >= ending.size() &&
            skip.path.compare(skip.path.size() - ending.size(), ending.size(), ending) == 0) {
            return skip.reason;
        }
    }
    return {};
}
inline const semascope::core::Attribute* attributeNamed(const semascope::core::Dataset& data, const std::string& name)
{
    for (const semascope::core::Attribute& attribute : data.attributes) {
        if (attribute.name == name) {
            return &attribute;
        }
    }
    return nullptr;
}
inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}
inline bool anyContains(const std::vector<std::string>& texts, const std::string& part)
{
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& t) { return contains(t, part); });
}

} // namespace fixtures

/// Fails with the message when it does not contain the words.
#define SAYS(message, words)                                                                                           \
    do {                                                                                                               \
        const std::string said = (message);                                                                            \
        QVERIFY2(fixtures::contains(said, words), said.c_str());                                                       \
    } while (false)
