#pragma once
#include <QStringList>
#include <QVector>
#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace semascope::ui {

/// One row of the comparison of precisions.
struct PrecisionRow
{
    QString device, precision;
    QString speed;  ///< "60/s, 1.8×"; or why there is none
    QString cosine; ///< "0.9996, least 0.9991"
};

/// How much there is to embed and how long it takes.
struct EmbedExtent
{
    qulonglong pictures = 0, embedded = 0;
    qulonglong stored = 0;    ///< of the pictures: their rows come at once
    double secondsEach = 0;   ///< 0: not known
    bool running = false;     ///< it is being done
    bool offerSample = false; ///< it takes long enough to think of a part
};

/// Where and how the model computes, and the buttons that embed all pictures or a sample of them.
class EmbedBlock : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kSample = 2000;

    explicit EmbedBlock(QWidget* parent = nullptr);

    /// See DataDrawer::setEmbedReady.
    void setReady(bool ready, const QString& state, bool done);
    void setExtent(const EmbedExtent& extent);
    /// Words such as "cpu" and "cuda:0", and the precisions of the chosen one. Empty words: no model is open.
    void setCompute(const QStringList& devices, const QString& device, const QStringList& precisions,
                    const QString& precision);
    /// `caption` says on what it was measured; empty rows hide it.
    void setComparison(const QVector<PrecisionRow>& rows, const QString& caption);
    void setComparing(bool running);
    void setSampleSize(int count);
    int sampleSize() const;

Q_SIGNALS:
    void embedWanted();
    void sampleWanted(int count);
    void sampleSizeChanged(int count);
    void deviceChosen(const QString& device);
    void precisionChosen(const QString& precision);
    void compareWanted();

private:
    void makeCompute();
    void makeSample();
    void showButton();
    void showTimes();

    QComboBox *m_device = nullptr, *m_precision = nullptr;
    QPushButton *m_compare = nullptr, *m_embed = nullptr, *m_sample = nullptr;
    QGridLayout* m_table = nullptr;
    QVector<QLabel*> m_cells;
    QLabel *m_tableCaption = nullptr, *m_state = nullptr, *m_time = nullptr, *m_sampleTime = nullptr;
    QWidget *m_sampleRow = nullptr, *m_tableBox = nullptr;
    QSpinBox* m_count = nullptr;
    EmbedExtent m_extent;
    bool m_ready = false, m_done = false;
};

} // namespace semascope::ui
