#pragma once
#include "core/cluster/ClusterStudy.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTreeWidget;

namespace semascope::ui {

class FigurePane;

/// What a sweep over numbers of clusters is to do.
struct KSweepChoice
{
    std::string method = "kmeans";
    std::vector<int> ks;
    int seeds = 5;
    bool selectionOnly = false;
};
/// Reads "2–20", "2-20", "2, 4, 8" and "2-6, 8, 12"; sorted, each once. Empty optional for anything else, for numbers
/// outside 2 … 1000 and for more than 200 of them.
std::optional<std::vector<int>> parseKs(const QString& text);

enum class KSweepExport { Figure, Csv };

/// Helps to choose k: silhouette, coding length and stability against the number of clusters.
class KSweepView : public QWidget
{
    Q_OBJECT

public:
    explicit KSweepView(QWidget* parent = nullptr);

    /// Empty optional while the numbers of clusters cannot be read.
    std::optional<KSweepChoice> choice() const;
    void setReady(bool ready, const QString& reason);
    void setRunning(bool running);
    void setSelected(std::size_t count);
    /// Null clears it; `message` then stands in its place.
    void setSweep(std::shared_ptr<const core::KSweep> sweep, const QString& message = {});
    /// The k marked in plots and table; 0: none.
    int chosen() const { return m_chosen; }
    void choose(int k);

Q_SIGNALS:
    void runWanted(const semascope::ui::KSweepChoice& choice);
    void stopWanted();
    void useWanted(int k);
    void exportWanted(semascope::ui::KSweepExport what);
    void shown();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeSetup();
    void makeNumbers(QWidget* setup);
    QWidget* makeResult();
    QWidget* makeFoot();
    void fillTable();
    void showPlots();
    void refresh();

    QComboBox *m_method = nullptr, *m_rows = nullptr;
    QLineEdit* m_ks = nullptr;
    QSpinBox* m_seeds = nullptr;
    QPushButton *m_run = nullptr, *m_use = nullptr, *m_export = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel *m_message = nullptr, *m_words = nullptr, *m_proposals = nullptr;
    FigurePane* m_plots = nullptr;
    QTreeWidget* m_table = nullptr;
    std::shared_ptr<const core::KSweep> m_sweep;
    int m_chosen = 0;
    bool m_byHand = false; ///< the user chose k: a proposal does not move it any more
    bool m_ready = false, m_running = false;
    QString m_reason;
};

} // namespace semascope::ui
