#pragma once
#include "core/clip/ZeroShot.h"
#include "widgets/panels/GuessBars.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace semascope::ui {

class ClassTable;
class ConfusionTable;
class ElidedLabel;
class HeadlineRow;
class ZeroShotSetup;

/// What stands in place of results: what is missing and what to do about it.
struct ZeroShotHint
{
    QString title, text;
    QString button; ///< empty: none
};

/// What is known of a result beside the result itself.
struct ZeroShotShown
{
    std::shared_ptr<const core::ZeroShotResult> result;
    QString unit;    ///< plural of a row: "pictures"
    QString against; ///< name of the labels it was compared with; empty for none
    QString warning; ///< such as: the weights are random, or more rows have come since
    std::size_t wrong = 0;
};

enum class ZeroShotColour { Predicted, Correct, Confidence };
enum class ZeroShotExport { Predictions, Confusion, Figure };

/// Zero-shot classification: at the left what is asked, at the right what came out, and what the model says of the
/// current sample. Emits intents; keeps no state of the session.
class ZeroShotView : public QWidget
{
    Q_OBJECT

public:
    explicit ZeroShotView(QWidget* parent = nullptr);

    ZeroShotSetup* setup() const { return m_setup; }
    void showHint(const ZeroShotHint& hint);
    void showResult(const ZeroShotShown& shown);
    /// `name` of the current sample, empty for none; `note` says why there are no guesses, or what its label is.
    void setCurrent(const QString& name, std::vector<Guess> guesses, const QString& note = {});
    bool shares() const; ///< the confusion is shown as shares of each row

Q_SIGNALS:
    void hintTaken();
    void selectWrong(Qt::KeyboardModifiers modifiers);
    /// Samples of this label and prediction; −1 for all of either.
    void selectCell(int label, int prediction, Qt::KeyboardModifiers modifiers);
    void colourWanted(semascope::ui::ZeroShotColour what);
    void exportWanted(semascope::ui::ZeroShotExport what);

private:
    QWidget* makeHint();
    QWidget* makeResult();
    QWidget* makeActions();
    QWidget* makeTables();
    QWidget* makeCurrent();
    void makeMenus();
    void showTable(int index);
    void explainScale(const core::ZeroShotResult& result);

    ZeroShotSetup* m_setup = nullptr;
    QStackedWidget *m_pages = nullptr, *m_tables = nullptr;
    QLabel *m_hintTitle = nullptr, *m_hintText = nullptr, *m_warning = nullptr, *m_noLabels = nullptr,
           *m_currentNote = nullptr, *m_scale = nullptr, *m_provenance = nullptr;
    ElidedLabel *m_currentName = nullptr, *m_sentence = nullptr;
    QPushButton *m_hintButton = nullptr, *m_wrong = nullptr, *m_colour = nullptr, *m_export = nullptr,
                *m_confusionTab = nullptr, *m_classesTab = nullptr;
    QMenu *m_colourMenu = nullptr, *m_exportMenu = nullptr;
    QComboBox* m_norm = nullptr;
    HeadlineRow* m_headline = nullptr;
    ConfusionTable* m_confusion = nullptr;
    ClassTable* m_classes = nullptr;
    GuessBars* m_guesses = nullptr;
    bool m_judged = false;
};

} // namespace semascope::ui
