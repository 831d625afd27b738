#include "app/ClusterLabels.h"

#include "app/Session.h"

#include <algorithm>

namespace semascope::app {

namespace {

constexpr std::size_t kMostJoined = 3; ///< names that still make a name together

std::string plainName(std::size_t number)
{
    return Session::tr("cluster %1").arg(number).toStdString();
}

/// "cat + dog"; names that nobody chose say nothing beside one that somebody did.
std::string joined(const std::vector<std::string>& names, const std::set<int>& which)
{
    std::vector<std::string> chosen;
    for (const int g : which) {
        if (!isPlainName(names[static_cast<std::size_t>(g)])) {
            chosen.push_back(names[static_cast<std::size_t>(g)]);
        }
    }
    if (chosen.empty()) {
        return names[static_cast<std::size_t>(*which.begin())];
    }
    std::string text = chosen.front();
    for (std::size_t i = 1; i < std::min(chosen.size(), kMostJoined); ++i) {
        text += " + " + chosen[i];
    }
    return chosen.size() > kMostJoined ? text + " + …" : text;
}

} // namespace

bool changedByHand(const core::Clustering& clustering)
{
    return std::any_of(clustering.notes.begin(), clustering.notes.end(),
                       [](const std::string& note) { return note.find(" by hand") != std::string::npos; });
}

QString clusteringLine(const core::Clustering& clustering)
{
    const QString found = Session::tr("%1, n %2, seed %3")
                              .arg(ui::methodName(clustering.spec.method))
                              .arg(clustering.assignment.size())
                              .arg(clustering.spec.seed);
    return found + (changedByHand(clustering)
                        ? Session::tr(" · changed by hand")
                        : Session::tr(" · inertia %1").arg(QString::number(clustering.inertia, 'g', 5)));
}

std::vector<std::set<int>> clusterSources(const ClusterEdit& edit)
{
    std::vector<std::set<int>> from(edit.after.sizes.size());
    for (std::size_t r = 0; r < edit.after.assignment.size(); ++r) {
        from[static_cast<std::size_t>(edit.after.assignment[r])].insert(edit.before.assignment[r]);
    }
    return from;
}

bool isPlainName(const std::string& name)
{
    const QString pattern = Session::tr("cluster %1"), text = QString::fromStdString(name);
    const QString before = pattern.section(QLatin1String("%1"), 0, 0);
    const QString after = pattern.section(QLatin1String("%1"), 1);
    if (!text.startsWith(before) || !text.endsWith(after) || text.size() <= before.size() + after.size()) {
        return false;
    }
    bool number = false;
    text.mid(before.size(), text.size() - before.size() - after.size()).toUInt(&number);
    return number;
}

std::string uniqueName(const std::vector<std::string>& names, int self, const std::string& wanted)
{
    const auto taken = [&names, self](const std::string& name) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (static_cast<int>(i) != self && names[i] == name) {
                return true;
            }
        }
        return false;
    };
    std::string name = wanted;
    for (int number = 2; taken(name); ++number) {
        name = wanted + " (" + std::to_string(number) + ")";
    }
    return name;
}

std::vector<std::string> namesAfter(const ClusterEdit& edit)
{
    const std::vector<std::set<int>> from = clusterSources(edit);
    std::vector<int> parts(edit.before.sizes.size(), 0), part(edit.before.sizes.size(), 0);
    for (const std::set<int>& f : from) {
        for (const int g : f) {
            ++parts[static_cast<std::size_t>(g)];
        }
    }
    std::vector<std::string> names(from.size());
    const auto give = [&names](std::size_t g, const std::string& wanted) {
        names[g] = uniqueName(names, static_cast<int>(g), wanted);
    };
    for (const bool kept : {true, false}) { // those that stay have the first claim
        for (std::size_t g = 0; g < from.size(); ++g) {
            const std::size_t only = from[g].size() == 1 ? static_cast<std::size_t>(*from[g].begin()) : 0;
            const bool same = from[g].size() == 1 && parts[only] == 1;
            if (same != kept) {
                continue;
            }
            if (same) {
                give(g, edit.names[only]);
            } else if (from[g].size() > 1) {
                give(g, joined(edit.names, from[g]));
            } else if (from[g].size() == 1) {
                give(g, edit.names[only] + " (" + std::to_string(++part[only]) + ")");
            } else {
                give(g, plainName(g + 1));
            }
        }
    }
    return names;
}

std::vector<std::string> namesAfterPick(const ClusterEdit& edit, int picked)
{
    const std::vector<std::set<int>> from = clusterSources(edit);
    std::vector<std::string> names(from.size());
    for (std::size_t g = 0; g < from.size(); ++g) {
        if (static_cast<int>(g) != picked && !from[g].empty()) {
            names[g] = edit.names[static_cast<std::size_t>(*from[g].begin())];
        }
    }
    for (std::size_t g = 0; g < from.size(); ++g) {
        if (names[g].empty()) {
            const bool isPicked = static_cast<int>(g) == picked;
            names[g] = uniqueName(names, static_cast<int>(g),
                                  isPicked ? Session::tr("selection").toStdString() : plainName(g + 1));
        }
    }
    return names;
}

QString spokenNames(const std::vector<std::string>& names, const std::set<int>& which)
{
    constexpr std::size_t most = 2;
    if (which.size() > most) {
        return Session::tr("%1 clusters").arg(which.size());
    }
    QStringList spoken;
    for (const int g : which) {
        spoken << QString::fromStdString(names[static_cast<std::size_t>(g)]);
    }
    return spoken.join(Session::tr(" and "));
}

} // namespace semascope::app
