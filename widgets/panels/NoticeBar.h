#pragma once
#include <QWidget>

#include <deque>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace semascope::ui {

/// Something to tell without stopping anybody.
struct Notice
{
    enum class Severity { Info, Warning, Error };

    Severity severity = Severity::Info;
    QString text;
    QString details; ///< shown on demand
    QString action;  ///< a link such as "choose a vocabulary…"; empty for none

    bool operator==(const Notice&) const = default;
};

/// The newest notice in a banner; older ones come back as newer ones are dismissed. Hidden while there is none.
class NoticeBar : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::size_t kMost = 20;

    explicit NoticeBar(QWidget* parent = nullptr);
    /// A notice that is up already comes to the front.
    void show(const Notice& notice);
    void dismiss();
    void clear();
    int count() const { return int(m_notices.size()); }

Q_SIGNALS:
    void actionTriggered(const QString& action);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void arrange();
    void refresh();

    std::deque<Notice> m_notices; ///< newest first
    QLabel *m_text = nullptr, *m_more = nullptr;
    QPushButton *m_action = nullptr, *m_details = nullptr, *m_close = nullptr;
    QPlainTextEdit* m_detailText = nullptr;
};

} // namespace semascope::ui
