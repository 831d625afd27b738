// Searching with pictures from outside: dropped, pasted, opened; and the map of pictures and texts.
#include "app/Actions.h"
#include "app/Captions.h"
#include "app/ExplorePage.h"
#include "app/ExportDialog.h"
#include "app/JointMapPage.h"
#include "app/MainWindow.h"
#include "app/Search.h"
#include "widgets/DocumentFigures.h"
#include "widgets/panels/DropOverlay.h"

#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>

namespace semascope::app {

namespace {

const QString& pictureFilter()
{
    static const QString filter =
        MainWindow::tr("Pictures (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.pgm *.ppm *.pnm);;All files (*)");
    return filter;
}

QStringList localFiles(const QMimeData* data)
{
    QStringList files;
    for (const QUrl& url : data->urls()) {
        if (url.isLocalFile()) {
            files << url.toLocalFile();
        }
    }
    return files;
}

/// By its name: the file itself may be on a slow disk while the pointer moves.
bool isPicture(const QString& path)
{
    static const QStringList endings{QStringLiteral("jpg"),  QStringLiteral("jpeg"), QStringLiteral("png"),
                                     QStringLiteral("webp"), QStringLiteral("bmp"),  QStringLiteral("tif"),
                                     QStringLiteral("tiff"), QStringLiteral("pgm"),  QStringLiteral("ppm"),
                                     QStringLiteral("pnm")};
    return endings.contains(QFileInfo(path).suffix().toLower());
}

QString onePicture(const QMimeData* data)
{
    const QStringList files = localFiles(data);
    return files.size() == 1 && isPicture(files.front()) ? files.front() : QString();
}

} // namespace

void MainWindow::connectSearch()
{
    const Actions& a = *m_actions;
    m_drop = new ui::DropOverlay(this);
    m_joint = new JointMapPage({&m_session, m_search, m_explore, m_thumbnails}, this);
    m_joint->hide();
    connect(&m_theme, &ui::Theme::changed, m_joint, &JointMapPage::setTheme);
    connect(m_drop, &ui::DropOverlay::dropped, this, [this](int zone, const QMimeData* mime) {
        const bool picture = !onePicture(mime).isEmpty() || localFiles(mime).isEmpty();
        zone == 0 && picture ? searchDropped(mime) : openDropped(mime);
    });
    connect(a.searchPicture, &QAction::triggered, this, [this, &a] {
        const QString path = askPath(a.searchPicture->text(), false, pictureFilter());
        if (!path.isEmpty()) {
            m_search->likeFile(path);
        }
    });
    connect(a.searchClipboard, &QAction::triggered, this, &MainWindow::searchClipboard);
    connect(a.clearSearch, &QAction::triggered, m_search, &Search::clear);
    connect(m_search, &Search::changed, this, &MainWindow::updateEnabled);
    connect(a.jointMap, &QAction::triggered, this, [this] {
        showWorkspace(ui::Workspace::Explore);
        m_joint->open();
    });
    connect(a.captionVectors, &QAction::triggered, this, [this, &a] {
        const QString path = askPath(a.captionVectors->text(), false, tr("Arrays (*.npy *.npz);;All files (*)"));
        if (!path.isEmpty()) {
            m_search->captions()->openVectors(path);
        }
    });
    connect(m_joint, &JointMapPage::exportWanted, this, &MainWindow::exportJointMap);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QMimeData* mime = event->mimeData();
    const QStringList files = localFiles(mime);
    const bool pixels = files.isEmpty() && mime->hasImage();
    if (files.isEmpty() && !pixels) {
        return;
    }
    const QString problem = m_search->pictureProblem();
    const ui::DropOverlay::Zone search{tr("Search with this picture"),
                                       problem.isEmpty() ? tr("The dataset in order of likeness to it") : problem,
                                       problem.isEmpty()};
    const ui::DropOverlay::Zone dataset{tr("Open as dataset"), tr("In place of what is open now")};
    if (pixels) {
        m_drop->offer({search});
    } else if (!onePicture(mime).isEmpty()) {
        m_drop->offer({search, dataset});
    } else {
        m_drop->offer({{tr("Open"), tr("Pictures, tables, vectors, a CLIP checkpoint or a session")}});
    }
    event->acceptProposedAction();
}

/// Only when it is dropped before the overlay is there.
void MainWindow::dropEvent(QDropEvent* event)
{
    m_drop->hide();
    openDropped(event->mimeData());
}

void MainWindow::searchDropped(const QMimeData* mime)
{
    const QString file = onePicture(mime);
    if (!file.isEmpty()) {
        m_search->likeFile(file);
    } else if (mime->hasImage()) {
        m_search->likeImage(qvariant_cast<QImage>(mime->imageData()), tr("dropped picture"));
    }
}

void MainWindow::openDropped(const QMimeData* mime)
{
    for (const QString& file : localFiles(mime)) {
        m_session.open(file.toLocal8Bit().toStdString());
    }
}

void MainWindow::searchClipboard()
{
    const QMimeData* mime = QApplication::clipboard()->mimeData();
    if (mime != nullptr && !onePicture(mime).isEmpty()) { // copied in a file manager
        m_search->likeFile(onePicture(mime));
    } else if (mime != nullptr && mime->hasImage()) {
        m_search->likeImage(qvariant_cast<QImage>(mime->imageData()), tr("copied picture"));
    } else {
        remark(tr("There is no picture in the clipboard"));
    }
}

void MainWindow::exportJointMap()
{
    const auto samples = m_session.data();
    if (!samples || !m_joint->hasMap()) {
        return;
    }
    ExportDialog dialog(ExportDialog::Map, m_settings.lastFolder(), this);
    if (dialog.exec() != QDialog::Accepted) {
        return;
    }
    const ExportDialog::Choice choice = dialog.choice();
    m_settings.setLastFolder(QFileInfo(choice.path).absolutePath());
    ui::MapFigure figure = m_joint->figure();
    figure.title = choice.title;
    const QJsonObject extra{{QStringLiteral("gap"), m_joint->joint().gap},
                            {QStringLiteral("text_mean_of"), QString::fromStdString(m_joint->joint().textMeanOf)}};
    const auto doc = std::make_shared<const core::Document>(m_session.snapshot());
    m_session.jobs()->start(
        core::Lane::Query, tr("Exporting"), this,
        [samples, doc, choice, figure, extra](core::JobContext&) {
            ui::exportFigure(ui::figureOf(figure, choice.size.dpi), choice.size, ui::figureFormat(choice.path),
                             choice.path, ui::documentRecipe(*samples, *doc, QStringLiteral("joint map"), extra));
        },
        [this, choice] { Q_EMIT m_session.notice(tr("Figure written to %1").arg(choice.path), false); });
}

} // namespace semascope::app
