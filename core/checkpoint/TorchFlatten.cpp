#include "core/checkpoint/TorchFlatten_p.h"

#include "core/job/Error.h"

#include <algorithm>
#include <unordered_set>

namespace semascope::core {
namespace {

using Kind = Pickle::Kind;
using Ref = Pickle::Ref;

constexpr std::size_t kMostIgnored = 200;
constexpr std::size_t kLongestName = 4096;
constexpr std::string_view kWrappers[] = {"state_dict", "model_state_dict", "model"};
constexpr std::string_view kNotWeights[] = {"optimizer", "optimizers", "optimizer_state_dict", "optimizer_states",
                                            "scaler",    "scheduler",  "lr_scheduler",         "lr_schedulers",
                                            "callbacks", "loops",      "hyper_parameters",     "args",
                                            "config",    "optim"};

class Flattener
{
public:
    Flattener(const Pickle& values, const TorchTensors& tensors, const std::string& file, MemoryBudget& budget)
        : m_values(values), m_tensors(tensors), m_file(file), m_budget(budget)
    {}
    StateDict run();

private:
    struct Frame
    {
        Ref dict;
        std::size_t next = 0;
        std::string prefix;
        bool module = false;
    };
    Ref peel(Ref root);
    std::optional<Ref> moduleState(Ref r) const;
    void walk(Ref root);
    void visit(const Frame& frame, Ref key, Ref value);
    void addTensor(const std::string& name, Ref value);
    void ignore(const std::string& what);
    void listObjects();
    [[noreturn]] void failEmpty() const;
    [[noreturn]] void fail(const std::string& sentence) const
    {
        throw Error(Code::BadFormat, m_file + " " + sentence + ".");
    }

    const Pickle& m_values;
    const TorchTensors& m_tensors;
    const std::string& m_file;
    MemoryBudget& m_budget;
    StateDict m_state;
    std::vector<Frame> m_frames;
    std::unordered_set<std::string> m_names, m_ignoredNames;
    std::size_t m_visits = 0;
};

/// The attributes of a TorchScript module, which are a dict given to BUILD.
std::optional<Ref> Flattener::moduleState(Ref r) const
{
    if (!m_values.is(r, Kind::Opaque) || !m_values.is(m_values.third(r), Kind::Dict) ||
        m_values.globalModule(m_values.first(r)).substr(0, 9) != "__torch__") {
        return std::nullopt;
    }
    return m_values.third(r);
}

/// Goes into {"state_dict": {…}, "epoch": 3, …}.
Ref Flattener::peel(Ref root)
{
    for (int layers = 0; layers < 4 && m_values.is(root, Kind::Dict); ++layers) {
        std::optional<Ref> inner;
        for (const std::string_view wrapper : kWrappers) {
            const auto value = m_values.value(root, wrapper);
            const bool dict = value && (m_values.is(*value, Kind::Dict) || moduleState(*value));
            if (!inner && dict) {
                inner = value;
            }
        }
        if (!inner) {
            break;
        }
        const auto items = m_values.items(root);
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            if (items[i + 1] == *inner || !m_values.is(items[i], Kind::Text)) {
                continue;
            }
            const std::string name(m_values.text(items[i]).substr(0, kLongestName));
            if (m_values.is(items[i + 1], Kind::Int)) {
                m_state.integers[name] = m_values.integer(items[i + 1]);
            } else {
                ignore(name);
            }
        }
        root = *inner;
    }
    return root;
}

void Flattener::walk(Ref root)
{
    m_frames.push_back({moduleState(root).value_or(root), 0, {}, moduleState(root).has_value()});
    while (!m_frames.empty()) {
        Frame& frame = m_frames.back();
        const auto items = m_values.items(frame.dict);
        if (frame.next + 1 >= items.size()) {
            m_frames.pop_back();
            continue;
        }
        // A dict may be reached by many ways; without a limit a small file could make us walk for ever.
        if (++m_visits > 4 * m_values.nodeCount() + 1000) {
            fail("refers to the same values over and over: it is damaged or hostile");
        }
        const Ref key = items[frame.next], value = items[frame.next + 1];
        frame.next += 2;
        visit(frame, key, value);
    }
}

void Flattener::visit(const Frame& frame, Ref key, Ref value)
{
    const bool module = frame.module;
    if (!m_values.is(key, Kind::Text)) {
        ignore(frame.prefix.empty() ? "items without a name" : frame.prefix + "items without a name");
        return;
    }
    const std::string_view word = m_values.text(key);
    if (word.size() + frame.prefix.size() > kLongestName) {
        fail("has a name longer than " + std::to_string(kLongestName) + " bytes");
    }
    const std::string name = frame.prefix + std::string(word);
    if (m_values.is(value, Kind::Tensor)) {
        addTensor(name, value);
        return;
    }
    if (m_values.is(value, Kind::Int)) {
        m_state.integers[name] = m_values.integer(value);
        return;
    }
    const auto inner = moduleState(value);
    const bool skipped = std::find(std::begin(kNotWeights), std::end(kNotWeights), word) != std::end(kNotWeights);
    if (inner || (m_values.is(value, Kind::Dict) && !module && !skipped)) {
        if (m_frames.size() >= 64) {
            fail("nests its names too deeply");
        }
        m_frames.push_back({inner.value_or(value), 0, name + ".", inner.has_value()});
        return;
    }
    // A module's flags and empty slots are its code's business; Python objects are listed by their own names.
    if (!module && !m_values.is(value, Kind::Opaque)) {
        ignore(name);
    }
}

void Flattener::addTensor(const std::string& name, Ref value)
{
    m_budget.charge(2 * name.size() + sizeof(std::pair<std::string, TensorView>));
    if (!m_names.insert(name).second) {
        fail("names \"" + name + "\" twice");
    }
    m_state.tensors.emplace_back(name, m_tensors.make(value, name));
}

void Flattener::ignore(const std::string& what)
{
    if (m_ignoredNames.size() < kMostIgnored && m_ignoredNames.insert(what).second) {
        m_state.ignored.push_back(what);
    }
}

/// Every object that Python would have made or every function that it would have called.
void Flattener::listObjects()
{
    for (std::size_t i = 0; i < m_values.nodeCount(); ++i) {
        const auto r = static_cast<Ref>(i);
        if (m_values.is(r, Kind::Opaque) && m_values.globalModule(m_values.first(r)).substr(0, 9) != "__torch__") {
            ignore(m_values.fullName(m_values.first(r)));
        }
    }
}

void Flattener::failEmpty() const
{
    std::string objects;
    for (std::size_t i = 0; i < m_values.nodeCount() && objects.size() < 200; ++i) {
        const auto r = static_cast<Ref>(i);
        if (m_values.is(r, Kind::Opaque)) {
            const std::string name = m_values.fullName(m_values.first(r));
            if (objects.find(name) == std::string::npos) {
                objects += (objects.empty() ? "" : ", ") + name;
            }
        }
    }
    if (objects.empty()) {
        fail("holds no tensors");
    }
    throw Error(Code::Unsupported, m_file + " holds no state dict but Python objects (" + objects +
                                       "), which are never run: save model.state_dict() instead.");
}

StateDict Flattener::run()
{
    const Ref root = peel(m_values.root());
    if (m_values.is(root, Kind::Tensor)) {
        addTensor("tensor", root);
    } else if (m_values.is(root, Kind::Dict) || moduleState(root)) {
        walk(root);
    }
    listObjects();
    if (m_state.tensors.empty()) {
        failEmpty();
    }
    return std::move(m_state);
}

} // namespace

StateDict flattenPickle(const Pickle& values, const TorchTensors& tensors, const std::string& file,
                        MemoryBudget& budget)
{
    return Flattener(values, tensors, file, budget).run();
}

} // namespace semascope::core
