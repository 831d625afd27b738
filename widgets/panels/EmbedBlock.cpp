#include "widgets/panels/EmbedBlock.h"

#include "core/clip/EmbedPlan.h"
#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QComboBox>
#include <QGridLayout>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <climits>

namespace semascope::ui {
namespace {

constexpr int kStep = 500, kLeastSample = 100;

QString deviceText(const QString& word)
{
    return word == QLatin1String("cpu")             ? EmbedBlock::tr("CPU")
           : word.startsWith(QLatin1String("cuda")) ? EmbedBlock::tr("GPU %1").arg(word.mid(4).remove(QLatin1Char(':')))
                                                    : word;
}

QString precisionTip(const QString& word)
{
    return word == QLatin1String("fp32")
               ? EmbedBlock::tr("32-bit floating point: the numbers of the reference implementations")
           : word == QLatin1String("bf16")
               ? EmbedBlock::tr("16 bits with the range of 32: quick on processors that have it; slightly coarser rows")
               : EmbedBlock::tr("16-bit floating point, on GPUs: quick; slightly coarser rows");
}

QString timeText(double seconds)
{
    return QString::fromStdString(core::durationText(seconds));
}

QComboBox* makeChoice(const QString& name, const QString& accessible, const QString& tip, QWidget* parent)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setToolTip(tipText(tip));
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(3);
    box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // the drawer is narrow
    return box;
}

void fill(QComboBox* box, const QStringList& words, const QString& chosen, QString (*text)(const QString&))
{
    const QSignalBlocker quiet(box);
    QStringList before;
    for (int i = 0; i < box->count(); ++i) {
        before << box->itemData(i).toString();
    }
    if (before != words) { // else its list may be open
        box->clear();
        for (const QString& word : words) {
            box->addItem(text ? text(word) : word, word);
        }
    }
    box->setCurrentIndex(box->findData(chosen));
    box->setEnabled(box->count() > 0);
}

} // namespace

EmbedBlock::EmbedBlock(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("embedBlock"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Tokens::kGrid);
    makeCompute();
    m_time = makeCaption(QString(), QStringLiteral("dataEmbedTime"), this);
    m_embed =
        makeButton({tr("Embed pictures"), QStringLiteral("dataEmbed"),
                    tr("Compute the model's vector of every picture; what was computed before is not computed again")},
                   ButtonRole::Primary, this);
    m_state = makeCaption(QString(), QStringLiteral("dataEmbedState"), this);
    column->addWidget(m_time);
    column->addWidget(m_embed, 0, Qt::AlignLeft);
    column->addWidget(m_state);
    makeSample();
    connect(m_embed, &QPushButton::clicked, this, &EmbedBlock::embedWanted);
    setReady(false, QString(), false);
    setExtent({});
    setCompute({}, QString(), {}, QString());
    setComparison({}, QString());
}

void EmbedBlock::makeCompute()
{
    m_device = makeChoice(QStringLiteral("dataDevice"), tr("Device"),
                          tr("Where the model computes; a change opens it there and embeds again"), this);
    m_precision = makeChoice(QStringLiteral("dataPrecision"), tr("Precision"),
                             tr("The arithmetic of the model; a change opens it anew and embeds again"), this);
    m_compare = makeButton({tr("Compare"), QStringLiteral("dataCompare"),
                            tr("Measure on some of the pictures what each precision costs and gains")},
                           ButtonRole::Link, this);
    auto* row = new QHBoxLayout;
    row->setSpacing(Tokens::kGrid);
    row->addWidget(m_device, 1);
    row->addWidget(m_precision, 1);
    row->addWidget(m_compare);
    m_tableBox = new QWidget(this);
    m_table = new QGridLayout(m_tableBox);
    m_table->setContentsMargins(0, 0, 0, 0);
    m_table->setHorizontalSpacing(12);
    m_table->setVerticalSpacing(2);
    m_table->setColumnStretch(2, 1);
    m_tableCaption = makeCaption(QString(), QStringLiteral("dataCompareCaption"), this);
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addLayout(row);
    column->addWidget(m_tableBox);
    column->addWidget(m_tableCaption);
    connect(m_device, &QComboBox::activated, this,
            [this](int index) { Q_EMIT deviceChosen(m_device->itemData(index).toString()); });
    connect(m_precision, &QComboBox::activated, this,
            [this](int index) { Q_EMIT precisionChosen(m_precision->itemData(index).toString()); });
    connect(m_compare, &QPushButton::clicked, this, &EmbedBlock::compareWanted);
}

void EmbedBlock::makeSample()
{
    m_sampleRow = new QWidget(this);
    m_count = new QSpinBox(m_sampleRow);
    m_count->setObjectName(QStringLiteral("dataSampleSize"));
    m_count->setAccessibleName(tr("Pictures of the sample"));
    m_count->setRange(kLeastSample, INT_MAX);
    m_count->setSingleStep(kStep);
    m_count->setGroupSeparatorShown(true);
    m_count->setLocale(QLocale::c());
    m_count->setValue(kSample);
    m_count->setMaximumWidth(88);
    m_sample = makeButton({tr("Embed these"), QStringLiteral("dataEmbedSample"),
                           tr("Embed only as many pictures, drawn at random; the rest can follow later")},
                          ButtonRole::Plain, m_sampleRow);
    auto* rows = new QGridLayout(m_sampleRow);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Tokens::kGrid);
    rows->setColumnStretch(1, 1);
    auto* label = new QLabel(tr("Only a sample of"), m_sampleRow);
    label->setBuddy(m_count);
    m_sampleTime = makeCaption(QString(), QStringLiteral("dataSampleTime"), m_sampleRow);
    rows->addWidget(label, 0, 0);
    rows->addWidget(m_count, 0, 1, Qt::AlignLeft);
    rows->addWidget(m_sample, 1, 0);
    rows->addWidget(m_sampleTime, 1, 1);
    layout()->addWidget(m_sampleRow);
    connect(m_count, &QSpinBox::valueChanged, this, [this](int count) {
        showTimes();
        Q_EMIT sampleSizeChanged(count);
    });
    connect(m_sample, &QPushButton::clicked, this, [this] { Q_EMIT sampleWanted(m_count->value()); });
}

void EmbedBlock::setReady(bool ready, const QString& state, bool done)
{
    m_ready = ready;
    m_done = done;
    m_state->setText(state);
    m_state->setVisible(!state.isEmpty());
    showButton();
    showTimes();
}

void EmbedBlock::setExtent(const EmbedExtent& extent)
{
    m_extent = extent;
    showButton();
    showTimes();
}

void EmbedBlock::showButton()
{
    const bool part = m_ready && m_done && m_extent.embedded > 0 && m_extent.embedded < m_extent.pictures;
    const bool again = m_ready && m_done && !part;
    m_embed->setEnabled(m_ready && !m_extent.running);
    m_embed->setText(m_extent.running ? tr("Embedding…")
                     : again          ? tr("Embed again")
                     : part           ? tr("Embed the rest")
                                      : tr("Embed pictures"));
    m_embed->setAccessibleName(m_embed->text());
    setRole(m_embed, again ? ButtonRole::Plain : ButtonRole::Primary);
    m_compare->setEnabled(m_ready && m_device->count() > 0);
}

void EmbedBlock::showTimes()
{
    const bool known = m_ready && m_extent.secondsEach > 0 && m_extent.pictures > 0;
    const qulonglong ready = std::max(m_extent.embedded, m_extent.stored);
    const qulonglong left = m_extent.pictures - std::min(ready, m_extent.pictures);
    m_time->setVisible(known && left > 0);
    m_time->setText((ready > 0 ? tr("The other %1 pictures take %2.") : tr("All %1 pictures take %2."))
                        .arg(countText(left), timeText(m_extent.secondsEach * double(left))));
    const bool offer = m_ready && m_extent.offerSample && m_extent.embedded < m_extent.pictures &&
                       m_extent.pictures > qulonglong(kLeastSample) && !(m_done && m_extent.embedded > 0);
    m_sampleRow->setVisible(offer);
    m_sampleTime->setVisible(offer && known);
    {
        const QSignalBlocker quiet(m_count);
        m_count->setMaximum(offer ? int(std::min<qulonglong>(m_extent.pictures, INT_MAX)) : INT_MAX);
    }
    m_sampleTime->setText(
        tr("takes %1; the rest can follow later").arg(timeText(m_extent.secondsEach * m_count->value())));
}

void EmbedBlock::setCompute(const QStringList& devices, const QString& device, const QStringList& precisions,
                            const QString& precision)
{
    fill(m_device, devices, device, &deviceText);
    fill(m_precision, precisions, precision, nullptr);
    for (int i = 0; i < m_precision->count(); ++i) {
        m_precision->setItemData(i, tipText(precisionTip(precisions[i])), Qt::ToolTipRole);
    }
    m_device->setVisible(!devices.isEmpty());
    m_precision->setVisible(!devices.isEmpty());
    m_compare->setVisible(!devices.isEmpty());
    showButton();
}

void EmbedBlock::setComparison(const QVector<PrecisionRow>& rows, const QString& caption)
{
    qDeleteAll(m_cells);
    m_cells.clear();
    const auto add = [this](const QString& text, const char* role, int row, int column) {
        QLabel* cell = makeCaption(text, QStringLiteral("dataCompareCell"), m_tableBox);
        cell->setProperty("role", QLatin1String(role));
        cell->setWordWrap(column == 2);
        m_table->addWidget(cell, row, column, Qt::AlignTop);
        m_cells.push_back(cell);
    };
    if (!rows.isEmpty()) {
        add(tr("pictures/s"), "caption", 0, 1);
        add(tr("cosine to fp32: mean, least"), "caption", 0, 2);
    }
    for (int i = 0; i < rows.size(); ++i) {
        const PrecisionRow& r = rows[i];
        const bool alone = r.device == rows.front().device && r.device == rows.back().device;
        add(alone ? r.precision : tr("%1, %2").arg(deviceText(r.device), r.precision), "caption", i + 1, 0);
        add(r.speed, "value", i + 1, 1);
        add(r.cosine, "value", i + 1, 2);
    }
    m_tableBox->setVisible(!rows.isEmpty());
    m_tableCaption->setText(caption);
    m_tableCaption->setVisible(!caption.isEmpty());
}

void EmbedBlock::setComparing(bool running)
{
    m_compare->setText(running ? tr("comparing…") : tr("Compare"));
    m_compare->setAccessibleName(m_compare->text());
    m_compare->setEnabled(!running && m_ready);
}

void EmbedBlock::setSampleSize(int count)
{
    const QSignalBlocker quiet(m_count);
    m_count->setValue(count);
    showTimes();
}

int EmbedBlock::sampleSize() const
{
    return m_count->value();
}

} // namespace semascope::ui
