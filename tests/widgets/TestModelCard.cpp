#include "Shared.h"
#include "app/ModelDesk.h"
#include "app/Session.h"
#include "app/Settings.h"
#include "core/CheckpointModels.h"
#include "core/session/Sample.h"
#include "widgets/panels/DataDrawer.h"
#include "widgets/panels/ModelCardDialog.h"
#include "widgets/panels/ModelCardQuestion.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QSignalSpy>

using namespace semascope;
using app::ModelDesk;
using app::Session;
using app::Settings;

namespace {

template<class T> T* part(const QWidget* inside, const char* name)
{
    return inside->findChild<T*>(QLatin1String(name));
}

template<class T> T* shownDialog()
{
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (auto* dialog = qobject_cast<T*>(widget); dialog != nullptr && dialog->isVisible()) {
            return dialog;
        }
    }
    return nullptr;
}

} // namespace

/// The model's card, the card of models to get, and the question that is asked when nothing tells the activation.
class TestModelCard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("semascope-test"));
        m_model = fixture::saveModel(m_folder.filePath(QStringLiteral("mystery.safetensors")).toStdString(),
                                     fixture::openAi());
    }
    void init() { QSettings().clear(); }

    void unknownActivationIsAsked()
    {
        Session session;
        QWidget window;
        Settings settings;
        ModelDesk desk(&session, &settings, &window);
        open(session);
        QTRY_VERIFY_WITH_TIMEOUT(shownDialog<ui::ModelCardQuestion>() != nullptr, 10000);
        auto* question = shownDialog<ui::ModelCardQuestion>();
        QVERIFY(!session.model());
        auto* openButton = part<QPushButton>(question, "modelQuestionOpen");
        QVERIFY(!openButton->isEnabled()); // nothing is chosen beforehand
        QCOMPARE(question->activation(), core::Activation::Unknown);
        part<QRadioButton>(question, "modelQuestion_gelu")->click();
        QVERIFY(openButton->isEnabled());
        openButton->click();
        QTRY_VERIFY_WITH_TIMEOUT(session.model() != nullptr, 20000);
        const core::ClipConfig& clip = session.model()->info().clip;
        QCOMPARE(clip.visionActivation, core::Activation::Gelu);
        QCOMPARE(clip.activationFrom, std::string("chosen by you"));
        QVERIFY(session.model()->weightsHash().find("+gelu") != std::string::npos);
        QVERIFY(!desk.remarks().isEmpty());
    }

    void answerIsRemembered()
    {
        Settings settings;
        settings.setActivation(QString::fromStdString(core::weightsHash({m_model})), QStringLiteral("quick_gelu"));
        Session session;
        QSignalSpy questions(&session, &Session::modelQuestion);
        open(session);
        QTRY_VERIFY_WITH_TIMEOUT(session.model() != nullptr, 20000);
        QVERIFY(questions.isEmpty());
        QCOMPARE(session.model()->info().clip.textActivation, core::Activation::QuickGelu);
        QCOMPARE(core::choicesOf(session.model()->weightsHash()).activation,
                 std::optional(core::Activation::QuickGelu));
    }

    void answerIsForgottenWhenAsked()
    {
        Session session;
        QWidget window;
        Settings settings;
        ModelDesk desk(&session, &settings, &window);
        open(session);
        QTRY_VERIFY_WITH_TIMEOUT(shownDialog<ui::ModelCardQuestion>() != nullptr, 10000);
        auto* question = shownDialog<ui::ModelCardQuestion>();
        part<QCheckBox>(question, "modelQuestionRemember")->setChecked(false);
        part<QRadioButton>(question, "modelQuestion_quick_gelu")->click();
        part<QPushButton>(question, "modelQuestionOpen")->click();
        QTRY_VERIFY_WITH_TIMEOUT(session.model() != nullptr, 20000);
        QVERIFY(settings.activation(QString::fromStdString(core::weightsHash({m_model}))).isEmpty());
    }

    void cancelOpensNothing()
    {
        Session session;
        QWidget window;
        Settings settings;
        const ModelDesk desk(&session, &settings, &window);
        open(session);
        QTRY_VERIFY_WITH_TIMEOUT(shownDialog<ui::ModelCardQuestion>() != nullptr, 10000);
        part<QPushButton>(shownDialog<ui::ModelCardQuestion>(), "modelQuestionCancel")->click();
        QTRY_VERIFY(shownDialog<ui::ModelCardQuestion>() == nullptr && !session.jobs()->busy());
        QVERIFY(!session.model());
        QVERIFY(settings.activation(QString::fromStdString(core::weightsHash({m_model}))).isEmpty());
    }

    void cardOfTheOpenModel()
    {
        Settings settings;
        settings.setActivation(QString::fromStdString(core::weightsHash({m_model})), QStringLiteral("gelu"));
        Session session;
        QWidget window;
        ModelDesk desk(&session, &settings, &window);
        open(session);
        QTRY_VERIFY_WITH_TIMEOUT(session.model() != nullptr, 20000);
        desk.showCard();
        auto* dialog = shownDialog<ui::ModelCardDialog>();
        QVERIFY(dialog != nullptr);
        const QString text = part<ui::ModelCardText>(dialog, "modelCardText")->toPlainText();
        for (const char* word : {"mystery", "gelu", "chosen by you", "32 pixels", "24 dimensions", "Parameters", "F32",
                                 "Assumed", "Weights hash"}) {
            QVERIFY2(text.contains(QLatin1String(word)), word);
        }
        part<QPushButton>(dialog, "modelCardCopy")->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("chosen by you")));
        // another activation, from the card
        part<QPushButton>(dialog, "modelCardActivation")->click();
        auto* question = shownDialog<ui::ModelCardQuestion>();
        QVERIFY(question != nullptr);
        part<QRadioButton>(question, "modelQuestion_quick_gelu")->click();
        part<QPushButton>(question, "modelQuestionOpen")->click();
        QTRY_COMPARE_WITH_TIMEOUT(session.model()->info().clip.visionActivation, core::Activation::QuickGelu, 20000);
        const auto rows = desk.shortCard();
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [](const auto& r) { return r.first == QLatin1String("Activation"); });
        QVERIFY(row != rows.end() && row->second.contains(QLatin1String("quick_gelu, chosen by you")));
    }

    void sessionFileKeepsTheChoice()
    {
        core::JobContext job;
        const auto files = core::builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job);
        Session session;
        core::OpenSpec data;
        data.path = files.pictures;
        session.openData(data);
        core::ModelSpec spec;
        spec.path = m_model;
        spec.device = "cpu";
        spec.activation = core::Activation::Gelu; // and not remembered
        spec.imageSize = 48;
        session.openModel(spec);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 60000);
        QSignalSpy saved(&session, &Session::documentSaved);
        const QString file = m_folder.filePath(QStringLiteral("s.semascope"));
        session.save(file);
        QTRY_COMPARE(saved.count(), 1);
        Session again;
        QSignalSpy questions(&again, &Session::modelQuestion);
        again.open(file.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(again.model() && !again.jobs()->busy(), 60000);
        QVERIFY(questions.isEmpty());
        QCOMPARE(again.model()->info().clip.visionActivation, core::Activation::Gelu);
        QCOMPARE(again.model()->info().clip.imageSize, 48);
        QCOMPARE(again.model()->weightsHash(), session.model()->weightsHash());
    }

    void modelsToGet()
    {
        Session session;
        QWidget window;
        Settings settings;
        ModelDesk desk(&session, &settings, &window);
        desk.showCard(); // without a model: where to get one
        auto* dialog = shownDialog<ui::ModelCardDialog>();
        QVERIFY(dialog != nullptr);
        const QString text = part<ui::ModelCardText>(dialog, "modelCardText")->toPlainText();
        for (const core::GetModel& model : core::modelsToGet()) {
            QVERIFY(text.contains(QString::fromStdString(model.source)));
        }
        QVERIFY(!text.contains(QStringLiteral("http")));
        part<QPushButton>(dialog, "modelCardCopy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromStdString(core::getModelText()));
    }

    void drawerHasTheShortCard()
    {
        ui::DataDrawer drawer;
        drawer.resize(ui::Drawer::kWidth, 700);
        drawer.show();
        auto* card = part<QPushButton>(&drawer, "dataModelCard");
        auto* get = part<QPushButton>(&drawer, "dataGetModel");
        QVERIFY(!card->isVisible() && get->isVisible());
        drawer.setModelCard({{QStringLiteral("Name"), QStringLiteral("x")}}, QStringLiteral("1 note"));
        QVERIFY(card->isVisible());
        QSignalSpy wanted(&drawer, &ui::DataDrawer::cardWanted), help(&drawer, &ui::DataDrawer::getModelWanted);
        card->click();
        get->click();
        QCOMPARE(wanted.count() + help.count(), 2);
    }

private:
    void open(Session& session) const
    {
        core::ModelSpec spec;
        spec.path = m_model;
        spec.device = "cpu";
        session.openModel(spec);
    }

    QTemporaryDir m_folder;
    std::string m_model;
};

QTEST_MAIN(TestModelCard)
#include "TestModelCard.moc"
