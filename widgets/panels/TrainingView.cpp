#include "widgets/panels/TrainingView.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/TrainingCurves.h"

#include <QVBoxLayout>

namespace semascope::ui {

TrainingView::TrainingView(QWidget* parent)
    : QWidget(parent), m_body(new QWidget(this)), m_hint(new QWidget(this)), m_curves(new TrainingCurves(m_body))
{
    setObjectName(QStringLiteral("trainingView"));
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(m_body);
    column->setContentsMargins(20, 14, 20, 12);
    column->setSpacing(6);
    column->addWidget(makeHead());
    m_warnings = new QVBoxLayout;
    m_warnings->setSpacing(2);
    column->addLayout(m_warnings);
    column->addWidget(m_curves, 1);
    m_readout = makeCaption(QString(), QStringLiteral("trainingReadout"), m_body);
    m_notes = makeCaption(QString(), QStringLiteral("trainingNotes"), m_body);
    column->addWidget(m_readout);
    column->addWidget(m_notes);
    auto* hints = new QVBoxLayout(m_hint);
    auto* hint = makeCaption(tr("No network has been trained on these data yet.\nChoose one of the learned groups in "
                                "Clusters and press “Find clusters”: its loss and the share of samples that still "
                                "change their group will stand here."),
                             QStringLiteral("trainingHint"), m_hint);
    hint->setAlignment(Qt::AlignCenter);
    hint->setMaximumWidth(440);
    hints->addStretch();
    hints->addWidget(hint, 0, Qt::AlignHCenter);
    hints->addStretch();
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_body);
    outer->addWidget(m_hint);
    connect(m_curves, &TrainingCurves::hovered, this, &TrainingView::showReadout);
    connect(m_curves, &TrainingCurves::chosen, this, &TrainingView::pointChosen);
    connect(m_export, &QPushButton::clicked, this, &TrainingView::exportWanted);
    setShown({});
}

QWidget* TrainingView::makeHead()
{
    auto* head = new QWidget(m_body);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    m_title = new ElidedLabel(head); // gives way rather than making the window wider
    m_title->setObjectName(QStringLiteral("trainingTitle"));
    m_title->setProperty("role", QLatin1String("title"));
    m_stage = new ElidedLabel(head);
    m_stage->setObjectName(QStringLiteral("trainingStage"));
    m_stage->setProperty("role", QLatin1String("caption"));
    m_export = makeButton({tr("Export…"), QStringLiteral("trainingExport"), tr("The curves as PNG, SVG or PDF")},
                          ButtonRole::Link, head);
    row->addWidget(m_title);
    row->addSpacing(Tokens::kGrid);
    row->addWidget(m_stage, 1);
    row->addWidget(m_export);
    return head;
}

void TrainingView::setShown(const TrainingShown& shown)
{
    const bool any = !shown.figure.curve.empty();
    m_body->setVisible(any);
    m_hint->setVisible(!any);
    m_title->setWhole(shown.figure.title);
    m_stage->setWhole(shown.figure.subtitle);
    m_export->setVisible(any && !shown.running);
    m_curves->setFigure(shown.figure);
    setNotes(shown);
    showReadout(-1);
}

void TrainingView::setNotes(const TrainingShown& shown)
{
    m_notes->setText(shown.notes.join(QLatin1Char(' ')));
    m_notes->setVisible(!shown.notes.isEmpty());
    if (shown.warnings == m_warned) {
        return;
    }
    m_warned = shown.warnings;
    while (QLayoutItem* item = m_warnings->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QString& warning : shown.warnings) {
        QLabel* label = makeCaption(QStringLiteral("⚠ ") + warning, QStringLiteral("trainingWarning"), m_body);
        label->setProperty("role", QLatin1String("warning"));
        m_warnings->addWidget(label);
    }
}

const TrainingFigure& TrainingView::figure() const
{
    return m_curves->figure();
}

void TrainingView::setMarked(qsizetype point)
{
    m_curves->setMarked(point);
    showReadout(-1);
}

void TrainingView::showReadout(qsizetype point)
{
    const TrainingFigure& figure = m_curves->figure();
    const auto last = qsizetype(figure.curve.size()) - 1;
    const qsizetype at = point >= 0 ? point : figure.marked >= 0 ? figure.marked : last;
    if (at < 0 || at > last) {
        m_readout->clear();
        return;
    }
    const core::TrainingPoint& p = figure.curve[std::size_t(at)];
    m_readout->setText(trainingStep(p) + QStringLiteral(": ") + trainingValues(p));
}

} // namespace semascope::ui
