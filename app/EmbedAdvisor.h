#pragma once
#include "app/Session.h"
#include "core/clip/EmbedRate.h"
#include "core/clip/PrecisionReport.h"

namespace semascope::ui {
class DataDrawer;
class NoticeBar;
} // namespace semascope::ui

namespace semascope::app {

class Settings;

/// Says how long embedding takes before and while it runs, proposes a sample when that is long, compares precisions,
/// and puts the choice of device and precision into effect. Stands between the Data drawer's embedding block and the
/// session. GUI thread.
class EmbedAdvisor : public QObject
{
    Q_OBJECT

public:
    struct Views
    {
        ui::DataDrawer* drawer = nullptr;
        ui::NoticeBar* notices = nullptr;
    };
    /// All of them outlive this.
    EmbedAdvisor(Session* session, Settings* settings, Views views, QObject* parent = nullptr);

    /// Brings the drawer's block up to date.
    void refresh();
    const std::optional<core::EmbedEstimate>& estimate() const { return m_estimate; }

private:
    void restoreChoice();
    void startEstimate();
    void followJob(const ui::JobReport& report);
    void propose(qulonglong left);
    void withdraw();
    void embedFinished();
    void compare();
    void showReport(const core::PrecisionReport& report);
    void choose(const QString& device, const QString& precision);
    double secondsEach() const;

    Session* m_session;
    Settings* m_settings;
    Views m_views;
    core::RateBook m_rates;
    std::optional<core::EmbedEstimate> m_estimate;
    std::weak_ptr<const core::Dataset> m_data;    ///< that the estimate is of
    std::weak_ptr<const core::ClipModel> m_model; ///< likewise
    qulonglong m_pictures = 0;                    ///< of m_data
    double m_measuredEach = 0;                    ///< of the running job
    std::optional<std::size_t> m_firstDone;       ///< rows that it began with: the store's
    bool m_proposed = false;
    QString m_text, m_action; ///< of the notice
    std::weak_ptr<const core::Embedding> m_learnt;
    quint64 m_estimateJob = 0, m_compareJob = 0;
};

} // namespace semascope::app
