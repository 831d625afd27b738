#include "widgets/panels/QueryCard.h"

#include "widgets/panels/Controls.h"

#include <QHBoxLayout>

namespace semascope::ui {
namespace {

constexpr int kPicture = 52;

} // namespace

QueryCard::QueryCard(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("queryCard"));
    setAccessibleName(tr("What is searched for"));
    m_picture = new QLabel(this);
    m_picture->setAccessibleName(tr("Picture that is searched with"));
    m_title = new ElidedLabel(this);
    m_title->setObjectName(QStringLiteral("queryTitle"));
    m_title->setProperty("role", QStringLiteral("title"));
    m_line = makeCaption(QString(), QStringLiteral("queryLine"), this);
    QPushButton* clear =
        makeButton({tr("clear search"), QStringLiteral("clearSearch"), tr("Back to the order of the dataset")},
                   ButtonRole::Link, this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(10);
    row->addWidget(m_picture);
    auto* words = new QVBoxLayout;
    words->setSpacing(1);
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(clear);
    words->addStretch(1);
    words->addLayout(top);
    words->addWidget(m_line);
    words->addStretch(1);
    row->addLayout(words, 1);
    connect(clear, &QPushButton::clicked, this, &QueryCard::clearWanted);
    hide();
}

void QueryCard::setQuery(const Query& query)
{
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap = query.picture.isNull()
                         ? QPixmap()
                         : QPixmap::fromImage(query.picture.scaled(QSize(kPicture, kPicture) * ratio,
                                                                   Qt::KeepAspectRatio, Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    m_picture->setPixmap(pixmap);
    m_picture->setVisible(!pixmap.isNull());
    m_title->setWhole(query.title);
    m_line->setText(query.line);
    m_line->setToolTip(tipText(query.tip));
    m_line->setVisible(!query.line.isEmpty());
    show();
}

void QueryCard::clear()
{
    hide();
}

} // namespace semascope::ui
