#include "Shared.h"
#include "app/EmbedAdvisor.h"
#include "app/Session.h"
#include "app/Settings.h"
#include "core/clip/EmbedSample.h"
#include "core/session/Sample.h"
#include "widgets/panels/DataDrawer.h"
#include "widgets/panels/EmbedBlock.h"
#include "widgets/panels/NoticeBar.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

#include <cmath>
#include <fstream>

using namespace semascope;
using app::EmbedAdvisor;
using app::Session;

namespace {

/// n pictures of 4×4 pixels as a NumPy file, all different.
std::string writePictures(const QTemporaryDir& folder, std::size_t n)
{
    const std::string path = folder.filePath(QStringLiteral("many.npy")).toStdString();
    std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + std::to_string(n) + ", 4, 4, 3), }";
    header.resize(118 - 1, ' ');
    header += '\n';
    std::ofstream out(path, std::ios::binary);
    out.write("\x93NUMPY\x01\x00\x76\x00", 10);
    out << header;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < 48; ++j) {
            out.put(static_cast<char>((i >> (8 * (j % 3))) * (j + 1)));
        }
    }
    return path;
}

} // namespace

/// A sample first, the rest later, and another device or precision: session and drawer together.
class TestEmbedFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) {
            qputenv(name, m_folder.path().toLocal8Bit());
        }
        core::JobContext job;
        m_files = core::builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job);
    }

    void sampleFirstThenTheRest()
    {
        Session session;
        connect(&session, &Session::dataChanged, &session, [&session] {
            QMetaObject::invokeMethod(
                &session, [&session] { session.embedSample(60); }, Qt::QueuedConnection);
        });
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(rows(session) == 60 && !session.jobs()->busy(), 60000);
        const auto some = session.document().embedding;
        QCOMPARE(some->sampleIndex, core::sampleOf(*session.data(), 60));
        QCOMPARE(session.document().layoutSample, some->sampleIndex);
        session.disconnect();

        std::size_t least = 240;
        connect(&session, &Session::embeddingChanged, this, [&] { least = std::min(least, rows(session)); });
        session.embedPictures();
        QTRY_VERIFY_WITH_TIMEOUT(rows(session) == 240 && !session.jobs()->busy(), 60000);
        QVERIFY(least >= 60); // rows never became fewer
        QCOMPARE(session.document().layout->points.rows(), std::size_t(240));
        const auto& all = *session.document().embedding;
        for (std::size_t r = 0; r < some->rows.rows(); ++r) {
            for (std::size_t j = 0; j < all.rows.cols(); ++j) {
                QVERIFY(std::abs(some->rows.at(r, j) - all.rows.at(some->sampleIndex[r], j)) <= 1e-5f);
            }
        }

        session.embedSample(30); // of what is there: no picture is read again
        QTRY_VERIFY_WITH_TIMEOUT(rows(session) == 30 && !session.jobs()->busy(), 60000);
        QCOMPARE(session.document().embedding->sampleIndex, core::sampleOf(*session.data(), 30));
    }

    void anotherPrecisionEmbedsAgain()
    {
        Session session;
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(rows(session) == 240 && !session.jobs()->busy(), 60000);
        const auto exact = session.document().embedding;
        QCOMPARE(exact->spec.precision, std::string("fp32"));
        session.chooseCompute("cpu", "bf16");
        QTRY_VERIFY_WITH_TIMEOUT(session.document().embedding->spec.precision == "bf16" && !session.jobs()->busy(),
                                 60000);
        QCOMPARE(session.model()->precision(), std::string("bf16"));
        QCOMPARE(rows(session), std::size_t(240));
        const float* a = exact->rows.row(3);
        const float* b = session.document().embedding->rows.row(3);
        double cosine = 0;
        for (std::size_t j = 0; j < exact->rows.cols(); ++j) {
            cosine += double(a[j]) * b[j];
        }
        QVERIFY(cosine > 0.99 && cosine < 1 - 1e-9);

        session.chooseCompute("cuda:77", "fp32"); // refused in words; what was there stays
        QSignalSpy notices(&session, &Session::notice);
        QTRY_VERIFY_WITH_TIMEOUT(!notices.isEmpty() && !session.jobs()->busy(), 20000);
        QVERIFY(notices.first().at(1).toBool());
        QCOMPARE(session.model()->precision(), std::string("bf16"));
        QCOMPARE(session.modelSpec().device, std::string("cpu"));
        QCOMPARE(rows(session), std::size_t(240));
    }

    void choiceHoldsForLaterModels()
    {
        Session session;
        session.chooseCompute("cpu", "bf16");
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(rows(session) == 240 && !session.jobs()->busy(), 60000);
        QCOMPARE(session.document().embedding->spec.precision, std::string("bf16"));
    }

    void drawerOffersASampleOfManyPictures()
    {
        ui::DataDrawer drawer;
        ui::NoticeBar notices;
        app::Settings settings;
        Session session;
        const EmbedAdvisor advisor(&session, &settings, {&drawer, &notices});
        auto* sample = drawer.findChild<QPushButton*>(QStringLiteral("dataEmbedSample"));
        auto* embed = drawer.findChild<QPushButton*>(QStringLiteral("dataEmbed"));
        core::ModelSpec model;
        model.path = m_files.model;
        session.openModel(model);
        core::OpenSpec data;
        data.path = writePictures(m_folder, 150'000);
        session.openData(data);
        QTRY_VERIFY_WITH_TIMEOUT(!sample->parentWidget()->isHidden(), 60000);
        QVERIFY(session.embedding()); // it started as usual
        drawer.findChild<QSpinBox*>(QStringLiteral("dataSampleSize"))->setValue(300);
        sample->click();
        QTRY_VERIFY_WITH_TIMEOUT(rows(session) == 300 && !session.jobs()->busy(), 60000);
        QCOMPARE(embed->text(), QStringLiteral("Embed the rest"));
        QVERIFY(sample->parentWidget()->isHidden());
        QCOMPARE(settings.sampleSize(), 300);
        settings.setSampleSize(2000);
    }

    void drawerComparesPrecisions()
    {
        ui::DataDrawer drawer;
        ui::NoticeBar notices;
        app::Settings settings;
        Session session;
        const EmbedAdvisor advisor(&session, &settings, {&drawer, &notices});
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(rows(session) == 240 && !session.jobs()->busy(), 60000);
        auto* compare = drawer.findChild<QPushButton*>(QStringLiteral("dataCompare"));
        QVERIFY(compare->isEnabled());
        compare->click();
        QVERIFY(!compare->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs()->busy(), 60000);
        QVERIFY(compare->isEnabled());
        const auto cells = drawer.findChildren<QLabel*>(QStringLiteral("dataCompareCell"));
        QVERIFY(cells.size() >= 8);
        QTRY_COMPARE(drawer.findChild<QComboBox*>(QStringLiteral("dataPrecision"))->currentText(),
                     QStringLiteral("fp32"));
        Q_EMIT drawer.embedBlock()->precisionChosen(QStringLiteral("bf16"));
        QTRY_VERIFY_WITH_TIMEOUT(session.model()->precision() == "bf16" && !session.jobs()->busy(), 60000);
        QCOMPARE(settings.precision(), QStringLiteral("bf16"));
        settings.setCompute(QStringLiteral("auto"), QStringLiteral("auto"));
    }

private:
    static std::size_t rows(const Session& session)
    {
        return session.document().embedding ? session.document().embedding->rows.rows() : 0;
    }
    void openSample(Session& session)
    {
        core::ModelSpec model;
        model.path = m_files.model;
        session.openModel(model);
        core::OpenSpec data;
        data.path = m_files.pictures;
        session.openData(data);
    }

    QTemporaryDir m_folder;
    core::SampleFiles m_files;
};

QTEST_MAIN(TestEmbedFlow)
#include "TestEmbedFlow.moc"
