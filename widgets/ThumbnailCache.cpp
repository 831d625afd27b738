#include "widgets/ThumbnailCache.h"

#include "widgets/panels/ThumbnailWorker.h"

#include <algorithm>
#include <array>

namespace semascope::ui {
namespace {

constexpr std::array<int, 4> kSteps{128, 256, 512, 1024};
constexpr int kDeliveryMs = 50;
constexpr std::size_t kEntryOverhead = 256;

std::uint64_t keyOf(std::uint32_t sample, int step)
{
    return (std::uint64_t(step) << 32) | sample;
}

std::uint32_t sampleOf(std::uint64_t key)
{
    return std::uint32_t(key);
}

} // namespace

struct ThumbnailCache::Worker : ThumbnailWorker
{
    using ThumbnailWorker::ThumbnailWorker;
};

ThumbnailCache::ThumbnailCache(QObject* parent, Decode decode) : QObject(parent)
{
    m_pace.setSingleShot(true);
    m_pace.setInterval(kDeliveryMs);
    connect(&m_pace, &QTimer::timeout, this, &ThumbnailCache::collect);
    // The worker is joined in the destructor, while `this` is still whole: the queued call is dropped with the object.
    const auto wake = [this] {
        QMetaObject::invokeMethod(
            this, [this] { m_pace.start(); }, Qt::QueuedConnection);
    };
    m_worker = std::make_unique<Worker>(std::move(decode), wake);
    m_worker->start(kThreads);
}

ThumbnailCache::~ThumbnailCache()
{
    m_worker.reset();
}

void ThumbnailCache::setDataset(std::shared_ptr<const core::Dataset> dataset)
{
    if (dataset == m_dataset) {
        return;
    }
    m_dataset = std::move(dataset);
    m_entries.clear();
    m_index.clear();
    m_bytes = 0;
    m_worker->setSource(m_dataset, m_background.rgb());
}

void ThumbnailCache::setBackground(const QColor& colour)
{
    if (colour == m_background) {
        return;
    }
    m_background = colour;
    for (auto it = m_entries.begin(); it != m_entries.end();) {
        const auto next = std::next(it);
        if (it->transparent) {
            erase(it);
        }
        it = next;
    }
    m_worker->setSource(m_dataset, m_background.rgb());
}

void ThumbnailCache::setLimit(std::size_t bytes)
{
    m_limit = std::min(bytes, kMaxBytes);
    shrink();
}

int ThumbnailCache::stepFor(int sidePx)
{
    const auto it = std::lower_bound(kSteps.begin(), kSteps.end(), sidePx);
    return it == kSteps.end() ? kSteps.back() : *it;
}

QImage ThumbnailCache::find(std::uint32_t sample, int sidePx)
{
    const auto it = m_index.find(keyOf(sample, stepFor(sidePx)));
    if (it == m_index.end()) {
        return {};
    }
    m_entries.splice(m_entries.begin(), m_entries, it->second);
    return it->second->image;
}

QImage ThumbnailCache::findAny(std::uint32_t sample, int sidePx)
{
    QImage image = find(sample, sidePx);
    for (auto step = kSteps.rbegin(); image.isNull() && step != kSteps.rend(); ++step) {
        image = find(sample, *step);
    }
    return image;
}

ThumbnailCache::State ThumbnailCache::state(std::uint32_t sample, int sidePx) const
{
    const auto it = m_index.find(keyOf(sample, stepFor(sidePx)));
    if (it == m_index.end()) {
        return State::Unknown;
    }
    return it->second->image.isNull() ? State::Broken : State::Ready;
}

QString ThumbnailCache::problem(std::uint32_t sample) const
{
    for (const int step : kSteps) {
        const auto it = m_index.find(keyOf(sample, step));
        if (it != m_index.end() && it->second->image.isNull()) {
            return it->second->problem;
        }
    }
    return {};
}

void ThumbnailCache::request(std::uint32_t sample, int sidePx)
{
    const std::uint64_t key = keyOf(sample, stepFor(sidePx));
    if (m_dataset && sample < m_dataset->samples.size() && !m_index.contains(key)) {
        m_worker->push(key);
    }
}

void ThumbnailCache::setVisible(const QObject* viewer, const std::vector<std::uint32_t>& samples, int sidePx)
{
    const int step = stepFor(sidePx);
    std::vector<std::uint64_t> wanted;
    for (const std::uint32_t sample : samples) {
        const std::uint64_t key = keyOf(sample, step);
        if (m_dataset && sample < m_dataset->samples.size() && m_dataset->hasPicture(sample) &&
            !m_index.contains(key)) {
            wanted.push_back(key);
        }
    }
    if (m_worker->replace(viewer, std::move(wanted)) == ThumbnailWorker::Viewer::New) {
        connect(viewer, &QObject::destroyed, this, [this, viewer] { m_worker->leave(viewer); });
    }
}

std::size_t ThumbnailCache::waiting() const
{
    return m_worker->waiting();
}

void ThumbnailCache::collect()
{
    std::vector<std::uint32_t> samples;
    for (ThumbnailResult& result : m_worker->take()) {
        Entry entry;
        entry.key = result.key;
        entry.image = std::move(result.image);
        entry.problem = QString::fromStdString(result.problem);
        entry.transparent = result.transparent;
        entry.cost = std::size_t(entry.image.sizeInBytes()) + kEntryOverhead;
        samples.push_back(sampleOf(result.key));
        insert(std::move(entry));
    }
    shrink();
    if (!samples.empty()) {
        Q_EMIT ready(samples);
    }
}

void ThumbnailCache::insert(Entry entry)
{
    const auto old = m_index.find(entry.key);
    if (old != m_index.end()) {
        erase(old->second);
    }
    m_bytes += entry.cost;
    m_entries.push_front(std::move(entry));
    m_index[m_entries.front().key] = m_entries.begin();
}

void ThumbnailCache::erase(Entries::iterator entry)
{
    m_bytes -= entry->cost;
    m_index.erase(entry->key);
    m_entries.erase(entry);
}

void ThumbnailCache::shrink()
{
    while (m_bytes > m_limit && !m_entries.empty()) {
        erase(std::prev(m_entries.end()));
    }
}

} // namespace semascope::ui
