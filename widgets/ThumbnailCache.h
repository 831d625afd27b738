#pragma once
#include "core/data/Dataset.h"

#include <QColor>
#include <QImage>
#include <QObject>
#include <QTimer>

#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

namespace semascope::ui {

/// Small pictures of samples as a person sees them, decoded beside the GUI thread, newest wish first. Keeps the last
/// used ones within a limit of bytes. All methods on the GUI thread; none of them waits, except the destructor for a
/// picture being decoded.
class ThumbnailCache : public QObject
{
    Q_OBJECT

public:
    using Decode = std::function<core::Picture(const core::Dataset&, std::size_t sample, int maxSide)>;
    enum class State { Unknown, Ready, Broken }; ///< Unknown: never asked for, on its way, or dropped

    static constexpr std::size_t kDefaultBytes = std::size_t(256) << 20;
    static constexpr std::size_t kMaxBytes = std::size_t(512) << 20;
    static constexpr int kThreads = 2;

    explicit ThumbnailCache(QObject* parent = nullptr, Decode decode = &core::pictureForEye);
    ~ThumbnailCache() override;

    /// Drops everything of the former dataset.
    void setDataset(std::shared_ptr<const core::Dataset> dataset);
    /// Transparent pictures are laid on this colour.
    void setBackground(const QColor& colour);
    /// Clamped to kMaxBytes.
    void setLimit(std::size_t bytes);

    /// Longer sides come in steps; this is the step that serves `sidePx`.
    static int stepFor(int sidePx);

    /// The picture at the step of `sidePx`, or null. Counts as use.
    QImage find(std::uint32_t sample, int sidePx = 128);
    /// As find, else any other size there is.
    QImage findAny(std::uint32_t sample, int sidePx);
    State state(std::uint32_t sample, int sidePx = 128) const;
    /// Why a broken picture is broken.
    QString problem(std::uint32_t sample) const;

    /// Asks for one picture; does nothing when it is there or known to be broken.
    void request(std::uint32_t sample, int sidePx = 128);
    /// `viewer` shows exactly `samples` now: asks for them (the first one first, before everything else) and forgets
    /// what only this viewer had asked for before and is no longer shown.
    void setVisible(const QObject* viewer, const std::vector<std::uint32_t>& samples, int sidePx = 128);

    std::size_t bytes() const { return m_bytes; }
    std::size_t waiting() const;

Q_SIGNALS:
    /// These can be found now, or are known to be broken; at most 20 times a second.
    void ready(const std::vector<std::uint32_t>& samples);

private:
    struct Worker; ///< queue, results and threads; the only part that other threads see

    struct Entry
    {
        std::uint64_t key = 0;
        QImage image; ///< null when broken
        QString problem;
        bool transparent = false;
        std::size_t cost = 0;
    };
    using Entries = std::list<Entry>; ///< most recently used first

    void collect();
    void insert(Entry entry);
    void erase(Entries::iterator entry);
    void shrink();

    Entries m_entries;
    std::unordered_map<std::uint64_t, Entries::iterator> m_index;
    std::size_t m_bytes = 0, m_limit = kDefaultBytes;
    std::shared_ptr<const core::Dataset> m_dataset;
    QColor m_background = Qt::white;
    QTimer m_pace;
    std::unique_ptr<Worker> m_worker;
};

} // namespace semascope::ui
