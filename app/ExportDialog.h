#pragma once
#include "widgets/figure/FigureSize.h"

#include <QDialog>

class QCheckBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace semascope::app {

/// Asks for what an exported figure needs. Does not write anything itself.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    enum Kind { Map, Heatmap, Confusion, Training, Comparison, Published, Sweep };
    struct Choice
    {
        QString path, title;
        ui::FigureSize size;
        int thumbnails = 0;
        bool clusterNames = true, wholeMap = false;
        bool fitHeight = false; ///< as high as its numbers need, where that is offered
    };

    ExportDialog(Kind kind, const QString& folder, QWidget* parent);
    Choice choice() const;

public Q_SLOTS:
    void accept() override;

private:
    void browse();
    void addSize(QFormLayout* form);
    void addMapChoices(QFormLayout* form);

    Kind m_kind;
    QLineEdit *m_path, *m_title;
    QDoubleSpinBox *m_width, *m_height;
    QSpinBox *m_dpi, *m_thumbnails;
    QCheckBox *m_names, *m_whole, *m_fit;
    QLabel* m_problem;
};

class Session;

/// Draws the session's map as `choice` says, in the background, and writes it; the session tells how it went.
void exportDocument(Session& session, const ExportDialog::Choice& choice);

} // namespace semascope::app
