#include "widgets/panels/NoticeBar.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPlainTextEdit>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kStripe = 4, kSign = 16, kLeft = 44, kDetailsHeight = 96;

QColor colourOf(Notice::Severity severity)
{
    const Tokens t = tokens();
    switch (severity) {
    case Notice::Severity::Info:
        return t.accent;
    case Notice::Severity::Warning:
        return t.warning;
    case Notice::Severity::Error:
        return t.error;
    }
    return t.accent;
}

} // namespace

NoticeBar::NoticeBar(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("noticeBar"));
    setAttribute(Qt::WA_StyledBackground, false);
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("noticeText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_more = makeCaption(QString(), QStringLiteral("noticeMore"), this);
    m_more->setWordWrap(false);
    m_action = makeButton({QString(), QStringLiteral("noticeAction"), QString()}, ButtonRole::Link, this);
    m_details = makeButton({tr("Details"), QStringLiteral("noticeDetails"), tr("Show what happened exactly")},
                           ButtonRole::Link, this);
    m_details->setCheckable(true);
    m_close =
        makeButton({QStringLiteral("✕"), QStringLiteral("noticeClose"), tr("Dismiss (Esc)")}, ButtonRole::Quiet, this);
    m_close->setAccessibleName(tr("Dismiss the notice"));
    arrange();
    connect(m_action, &QPushButton::clicked, this, [this] {
        if (!m_notices.empty()) {
            Q_EMIT actionTriggered(m_notices.front().action);
        }
    });
    connect(m_details, &QPushButton::toggled, m_detailText, &QWidget::setVisible);
    connect(m_close, &QPushButton::clicked, this, &NoticeBar::dismiss);
    refresh();
}

void NoticeBar::arrange()
{
    m_detailText = new QPlainTextEdit(this);
    m_detailText->setObjectName(QStringLiteral("noticeDetailText"));
    m_detailText->setAccessibleName(tr("Details of the notice"));
    m_detailText->setReadOnly(true);
    m_detailText->setTabChangesFocus(true);
    m_detailText->setFixedHeight(kDetailsHeight);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_text, 1);
    row->addWidget(m_more);
    row->addWidget(m_action);
    row->addWidget(m_details);
    row->addWidget(m_close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kLeft, 4, 10, 4);
    column->addLayout(row);
    column->addWidget(m_detailText);
}

void NoticeBar::show(const Notice& notice)
{
    std::erase(m_notices, notice);
    m_notices.push_front(notice);
    while (m_notices.size() > kMost) {
        m_notices.pop_back();
    }
    refresh();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void NoticeBar::dismiss()
{
    if (!m_notices.empty()) {
        m_notices.pop_front();
    }
    refresh();
}

void NoticeBar::clear()
{
    m_notices.clear();
    refresh();
}

void NoticeBar::refresh()
{
    m_details->setChecked(false);
    m_detailText->hide();
    setVisible(!m_notices.empty());
    if (m_notices.empty()) {
        return;
    }
    const Notice& notice = m_notices.front();
    m_text->setText(notice.text);
    setAccessibleName(notice.text);
    m_detailText->setPlainText(notice.details);
    m_details->setVisible(!notice.details.isEmpty());
    m_action->setText(notice.action);
    m_action->setAccessibleName(notice.action);
    m_action->setVisible(!notice.action.isEmpty());
    m_more->setText(tr("+%1 more").arg(m_notices.size() - 1));
    m_more->setVisible(m_notices.size() > 1);
    update();
}

void NoticeBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens t = tokens();
    painter.fillRect(rect(), t.soft);
    painter.fillRect(0, height() - 1, width(), 1, t.line);
    if (m_notices.empty()) {
        return;
    }
    const QColor colour = colourOf(m_notices.front().severity);
    painter.fillRect(0, 0, kStripe, height(), colour);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF sign(16, m_text->geometry().center().y() - kSign / 2.0 + 0.5, kSign, kSign);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(sign);
    QFont font = captionFont();
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(t.panel);
    const bool info = m_notices.front().severity == Notice::Severity::Info;
    painter.drawText(sign, Qt::AlignCenter, info ? QStringLiteral("i") : QStringLiteral("!"));
}

void NoticeBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        dismiss();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace semascope::ui
