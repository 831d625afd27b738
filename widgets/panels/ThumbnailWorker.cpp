#include "widgets/panels/ThumbnailWorker.h"

#include "core/job/Error.h"

#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

QImage toImage(const core::Picture& picture, QRgb background)
{
    const bool alpha = picture.channels == 4;
    const QImage wrapped(picture.pixels.data(), picture.width, picture.height,
                         qsizetype(picture.width) * picture.channels,
                         alpha ? QImage::Format_RGBA8888 : QImage::Format_RGB888);
    if (!alpha) {
        return wrapped.convertToFormat(QImage::Format_RGB32);
    }
    QImage out(picture.width, picture.height, QImage::Format_RGB32);
    out.fill(background);
    QPainter painter(&out);
    painter.drawImage(0, 0, wrapped);
    return out;
}

bool whole(const core::Picture& picture)
{
    return picture.width > 0 && picture.height > 0 && (picture.channels == 3 || picture.channels == 4) &&
           picture.pixels.size() ==
               std::size_t(picture.width) * std::size_t(picture.height) * std::size_t(picture.channels);
}

} // namespace

ThumbnailWorker::ThumbnailWorker(Decode decode, std::function<void()> wake)
    : m_decode(std::move(decode)), m_wake(std::move(wake))
{}

ThumbnailWorker::~ThumbnailWorker()
{
    for (std::jthread& thread : m_threads) {
        thread.request_stop();
    }
}

void ThumbnailWorker::start(int threads)
{
    for (int i = 0; i < threads; ++i) {
        m_threads.emplace_back([this](const std::stop_token& stop) { run(stop); });
    }
}

void ThumbnailWorker::setSource(std::shared_ptr<const core::Dataset> dataset, QRgb background)
{
    const std::lock_guard lock(m_mutex);
    m_dataset = std::move(dataset);
    m_background = background;
    ++m_generation;
    for (auto& [viewer, wishes] : m_wishes) {
        wishes.keys.clear();
    }
    m_taken.clear();
    m_results.clear();
}

void ThumbnailWorker::push(std::uint64_t key)
{
    {
        const std::lock_guard lock(m_mutex);
        Wishes& wishes = m_wishes[nullptr];
        std::erase(wishes.keys, key);
        wishes.keys.push_back(key);
        wishes.turn = ++m_turn;
    }
    m_changed.notify_one();
}

ThumbnailWorker::Viewer ThumbnailWorker::replace(const QObject* viewer, std::vector<std::uint64_t> keys)
{
    std::reverse(keys.begin(), keys.end());
    bool isNew = false;
    {
        const std::lock_guard lock(m_mutex);
        isNew = !m_wishes.contains(viewer);
        Wishes& wishes = m_wishes[viewer];
        wishes.keys = std::move(keys);
        wishes.turn = ++m_turn;
    }
    m_changed.notify_all();
    return isNew ? Viewer::New : Viewer::Known;
}

void ThumbnailWorker::leave(const QObject* viewer)
{
    const std::lock_guard lock(m_mutex);
    m_wishes.erase(viewer);
}

std::vector<ThumbnailResult> ThumbnailWorker::take()
{
    const std::lock_guard lock(m_mutex);
    std::vector<ThumbnailResult> results = std::move(m_results);
    m_results.clear();
    for (const ThumbnailResult& result : results) {
        m_taken.erase(result.key);
    }
    m_woken = false;
    return results;
}

std::size_t ThumbnailWorker::waiting() const
{
    const std::lock_guard lock(m_mutex);
    std::size_t count = m_taken.size();
    for (const auto& [viewer, wishes] : m_wishes) {
        count += wishes.keys.size();
    }
    return count;
}

bool ThumbnailWorker::next(std::uint64_t& key)
{
    for (;;) {
        Wishes* newest = nullptr;
        for (auto& [viewer, wishes] : m_wishes) {
            if (!wishes.keys.empty() && (!newest || wishes.turn > newest->turn)) {
                newest = &wishes;
            }
        }
        if (!newest) {
            return false;
        }
        key = newest->keys.back();
        newest->keys.pop_back();
        if (m_taken.insert(key).second) {
            return true;
        }
    }
}

void ThumbnailWorker::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::uint64_t key = 0;
        std::uint64_t generation = 0;
        std::shared_ptr<const core::Dataset> dataset;
        QRgb background = 0;
        {
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait(lock, stop, [&] { return m_dataset && next(key); })) {
                return;
            }
            generation = m_generation;
            dataset = m_dataset;
            background = m_background;
        }
        ThumbnailResult result = decode(*dataset, key, background);
        bool wake = false;
        {
            const std::lock_guard lock(m_mutex);
            if (generation == m_generation) {
                m_results.push_back(std::move(result));
                wake = !m_woken;
                m_woken = true;
            }
        }
        if (wake && !stop.stop_requested()) {
            m_wake();
        }
    }
}

ThumbnailResult ThumbnailWorker::decode(const core::Dataset& dataset, std::uint64_t key, QRgb background) const
{
    ThumbnailResult result;
    result.key = key;
    try {
        const core::Picture picture = m_decode(dataset, std::uint32_t(key), int(key >> 32));
        if (!whole(picture)) {
            throw core::Error(core::Code::BadFormat, "The picture has no pixels.");
        }
        result.transparent = picture.channels == 4;
        result.image = toImage(picture, background);
    } catch (...) {
        result.image = {};
        result.problem = core::errorFromCurrentException("showing a picture").what();
    }
    return result;
}

} // namespace semascope::ui
