#pragma once
#include <map>
#include <string>
#include <vector>

namespace semascope::core {

/// The key=value options of a LayoutSpec or ClusterSpec, checked while they are read.
class SpecOptions
{
public:
    using Map = std::map<std::string, std::string>;

    /// Throws Error(Misuse) when `options` has a key that is not in `allowed`; the sentence lists the allowed ones.
    SpecOptions(std::string method, const Map& options, const std::vector<std::string>& allowed);

    /// The whole number at `key`, or `fallback`. Throws Error(Misuse) unless it lies in [least, most].
    int integer(const std::string& key, int fallback, int least, int most) const;
    /// The finite number at `key`, or `fallback`. Throws Error(Misuse) unless it is at least `least`.
    double number(const std::string& key, double fallback, double least) const;
    /// The word at `key`, or the first of `allowed`. Throws Error(Misuse) for any other word.
    std::string word(const std::string& key, const std::vector<std::string>& allowed) const;
    bool has(const std::string& key) const { return m_options.count(key) != 0; }

private:
    std::string m_method;
    Map m_options;
};

/// "a, b or c", for sentences.
std::string wordList(const std::vector<std::string>& words);

} // namespace semascope::core
