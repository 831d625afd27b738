#include "app/ExportDialog.h"

#include "app/Session.h"
#include "core/job/Error.h"
#include "widgets/DocumentFigures.h"
#include "widgets/panels/Controls.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>

namespace semascope::app {

namespace {

QDoubleSpinBox* millimetres(double value, const QString& name, QWidget* parent)
{
    auto* box = new QDoubleSpinBox(parent);
    box->setRange(40, 2000);
    box->setDecimals(0);
    box->setValue(value);
    box->setSuffix(QStringLiteral(" mm"));
    box->setAccessibleName(name);
    return box;
}

struct KindWords
{
    QString title, file;
    double heightMm = 160;
    bool fits = false; ///< its height can follow from what it shows
};

KindWords wordsOf(ExportDialog::Kind kind)
{
    switch (kind) {
    case ExportDialog::Map:
        return {ExportDialog::tr("Export the map"), QStringLiteral("map.pdf"), 120, false};
    case ExportDialog::Heatmap:
        return {ExportDialog::tr("Export the heatmap"), QStringLiteral("heatmap.pdf"), 90, true};
    case ExportDialog::Confusion:
        break;
    case ExportDialog::Training:
        return {ExportDialog::tr("Export the training curves"), QStringLiteral("training.pdf"), 120, false};
    case ExportDialog::Comparison:
        return {ExportDialog::tr("Export the comparison"), QStringLiteral("comparison.pdf"), 120, true};
    case ExportDialog::Published:
        return {ExportDialog::tr("Export published and measured NMI"), QStringLiteral("published-nmi.pdf"), 120, true};
    case ExportDialog::Sweep:
        return {ExportDialog::tr("Export the choice of k"), QStringLiteral("choice-of-k.pdf"), 60, false};
    }
    return {ExportDialog::tr("Export the confusion table"), QStringLiteral("confusion.pdf"), 160, false};
}

} // namespace

ExportDialog::ExportDialog(Kind kind, const QString& folder, QWidget* parent) : QDialog(parent), m_kind(kind)
{
    const KindWords words = wordsOf(kind);
    setWindowTitle(words.title);
    auto* form = new QFormLayout(this);
    m_path = new QLineEdit(QDir(folder.isEmpty() ? QDir::homePath() : folder).filePath(words.file), this);
    m_path->setMinimumWidth(380);
    auto* browseButton = new QPushButton(tr("Choose…"), this);
    connect(browseButton, &QPushButton::clicked, this, &ExportDialog::browse);
    auto* pathRow = new QHBoxLayout;
    pathRow->addWidget(m_path);
    pathRow->addWidget(browseButton);
    form->addRow(tr("File (PNG, SVG or PDF)"), pathRow);
    m_title = new QLineEdit(this);
    form->addRow(tr("Title"), m_title);
    addSize(form);
    addMapChoices(form);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->hide();
    form->addRow(m_problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &ExportDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);
}

void ExportDialog::addSize(QFormLayout* form)
{
    m_width = millimetres(180, tr("Width"), this);
    m_height = millimetres(wordsOf(m_kind).heightMm, tr("Height"), this);
    auto* sizeRow = new QHBoxLayout;
    sizeRow->addWidget(m_width);
    sizeRow->addWidget(new QLabel(QStringLiteral("×"), this));
    sizeRow->addWidget(m_height);
    for (const int width : {85, 180}) {
        const QString tip = width == 85 ? tr("One column of a journal") : tr("The whole width of a page");
        auto* link = ui::makeButton({tr("%1 mm").arg(width), QStringLiteral("width%1").arg(width), tip},
                                    ui::ButtonRole::Link, this);
        connect(link, &QPushButton::clicked, this, [this, width] { m_width->setValue(width); });
        sizeRow->addWidget(link);
    }
    sizeRow->addStretch();
    form->addRow(tr("Size"), sizeRow);
    m_fit = new QCheckBox(tr("As high as its numbers need"), this);
    m_fit->setObjectName(QStringLiteral("fitHeight"));
    m_fit->setVisible(wordsOf(m_kind).fits);
    if (wordsOf(m_kind).fits) {
        connect(m_fit, &QCheckBox::toggled, m_height, &QWidget::setDisabled);
        m_fit->setChecked(true);
        form->addRow(QString(), m_fit);
    }
    m_dpi = new QSpinBox(this);
    m_dpi->setRange(36, 2400);
    m_dpi->setValue(300);
    m_dpi->setToolTip(tr("Resolution of a PNG, and of pictures inside SVG and PDF"));
    form->addRow(tr("Dots per inch"), m_dpi);
}

void ExportDialog::addMapChoices(QFormLayout* form)
{
    m_thumbnails = new QSpinBox(this);
    m_thumbnails->setRange(0, 500);
    m_thumbnails->setToolTip(tr("Pictures drawn at points spread over the map; the selection's when there is one"));
    m_names = new QCheckBox(tr("Cluster names with leader lines"), this);
    m_names->setChecked(true);
    m_whole = new QCheckBox(tr("Whole map, not only what the window shows"), this);
    for (QWidget* choice :
         {static_cast<QWidget*>(m_thumbnails), static_cast<QWidget*>(m_names), static_cast<QWidget*>(m_whole)}) {
        choice->setVisible(m_kind == Map);
    }
    if (m_kind == Map) {
        form->addRow(tr("Thumbnails"), m_thumbnails);
        form->addRow(QString(), m_names);
        form->addRow(QString(), m_whole);
    }
}

void ExportDialog::browse()
{
    const QString path =
        QFileDialog::getSaveFileName(this, windowTitle(), m_path->text(), tr("PDF (*.pdf);;SVG (*.svg);;PNG (*.png)"),
                                     nullptr, QFileDialog::DontConfirmOverwrite);
    if (!path.isEmpty()) {
        m_path->setText(path);
    }
}

ExportDialog::Choice ExportDialog::choice() const
{
    Choice c;
    c.path = m_path->text();
    c.title = m_title->text();
    c.size = {m_width->value(), m_height->value(), m_dpi->value()};
    c.thumbnails = m_thumbnails->value();
    c.clusterNames = m_names->isChecked();
    c.wholeMap = m_whole->isChecked();
    c.fitHeight = wordsOf(m_kind).fits && m_fit->isChecked();
    return c;
}

void ExportDialog::accept()
{
    try {
        const Choice c = choice();
        (void)ui::figureFormat(c.path);
        c.size.check();
        const QFileInfo file(c.path);
        if (!file.absoluteDir().exists()) {
            throw core::Error(core::Code::Io,
                              tr("The folder %1 does not exist.").arg(file.absolutePath()).toStdString());
        }
        const bool replace = file.exists();
        if (replace && QMessageBox::question(this, windowTitle(), tr("%1 exists. Replace it?").arg(file.fileName())) !=
                           QMessageBox::Yes) {
            return;
        }
        QDialog::accept();
    } catch (const core::Error& e) {
        m_problem->setText(QString::fromUtf8(e.what()));
        m_problem->show();
    }
}

namespace {

/// The selection's samples, evenly thinned to `count`; without a selection, samples spread over the map.
std::vector<std::uint32_t> thumbnailSamples(const core::Document& doc, std::size_t count)
{
    std::vector<std::uint32_t> selected;
    for (const std::uint32_t s : doc.layoutSample) {
        if (s < doc.selected.size() && doc.selected[s] != 0) {
            selected.push_back(s);
        }
    }
    if (selected.empty()) {
        return ui::spreadSamples(doc, count);
    }
    std::vector<std::uint32_t> chosen;
    for (std::size_t i = 0; i < std::min(count, selected.size()); ++i) {
        chosen.push_back(selected[i * selected.size() / std::min(count, selected.size())]);
    }
    return chosen;
}

} // namespace

void exportDocument(Session& session, const ExportDialog::Choice& choice)
{
    const auto samples = session.data();
    const auto doc = std::make_shared<const core::Document>(session.mapSnapshot());
    session.jobs()->start(
        core::Lane::Query, QObject::tr("Exporting"), &session,
        [samples, doc, choice](core::JobContext&) {
            ui::MapFigureOptions o;
            o.title = choice.title;
            o.clusterNames = choice.clusterNames;
            o.fit = choice.wholeMap;
            o.thumbnails = thumbnailSamples(*doc, static_cast<std::size_t>(choice.thumbnails));
            const ui::Figure figure = ui::figureOf(ui::mapFigure(*samples, *doc, o), choice.size.dpi);
            ui::exportFigure(figure, choice.size, ui::figureFormat(choice.path), choice.path,
                             ui::documentRecipe(*samples, *doc, QStringLiteral("map")));
        },
        [&session, choice] { Q_EMIT session.notice(QObject::tr("Figure written to %1").arg(choice.path), false); });
}

} // namespace semascope::app
