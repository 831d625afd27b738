#include "widgets/panels/OptionForm.h"

#include "widgets/panels/Controls.h"

#include <QComboBox>
#include <QDoubleValidator>
#include <QFormLayout>
#include <QHash>
#include <QIntValidator>
#include <QLineEdit>

#include <cmath>

namespace semascope::ui {
namespace {

/// With a point, whatever the locale.
class PlainDouble : public QDoubleValidator
{
public:
    PlainDouble(double least, double most, QObject* parent) : QDoubleValidator(least, most, 12, parent)
    {
        setLocale(QLocale::c());
        setNotation(QDoubleValidator::ScientificNotation);
    }
};

QString plainNumber(double value)
{
    return QString::number(value, 'g', 12);
}

QString tipOf(const core::ClusterOption& option)
{
    QString tip = pathText(option.meaning);
    if (option.most > option.least) {
        tip += QObject::tr("\nFrom %1 to %2.").arg(plainNumber(option.least), plainNumber(option.most));
    }
    if (!option.fallback.empty()) {
        tip += QObject::tr("\nUsually %1.").arg(pathText(option.fallback));
    }
    return tipText(tip + QObject::tr("\nOption “%1”.").arg(pathText(option.key)));
}

} // namespace

QString optionText(const std::string& key)
{
    static const QHash<QString, QString> words{
        {QStringLiteral("n_init"), QObject::tr("Starts")},
        {QStringLiteral("restarts"), QObject::tr("Restarts")},
        {QStringLiteral("recipe"), QObject::tr("Recipe")},
        {QStringLiteral("max_iter"), QObject::tr("Most iterations")},
        {QStringLiteral("tol"), QObject::tr("Tolerance")},
        {QStringLiteral("lr"), QObject::tr("Learning rate")},
        {QStringLiteral("batch"), QObject::tr("Batch")},
        {QStringLiteral("epochs"), QObject::tr("Epochs")},
        {QStringLiteral("gamma"), QObject::tr("Weight γ of the groups")},
        {QStringLiteral("code"), QObject::tr("Size of the code")},
        {QStringLiteral("hidden"), QObject::tr("Hidden layers")},
        {QStringLiteral("prepare"), QObject::tr("Preparation")},
        {QStringLiteral("max_updates"), QObject::tr("Most updates")},
        {QStringLiteral("update_interval"), QObject::tr("Batches an update")},
        {QStringLiteral("refine_lr"), QObject::tr("Rate when refining")},
        {QStringLiteral("refine_optimiser"), QObject::tr("Refined by")},
        {QStringLiteral("dropout"), QObject::tr("Dropout")},
        {QStringLiteral("device"), QObject::tr("Device")},
    };
    QString plain = pathText(key);
    plain.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!plain.isEmpty()) {
        plain[0] = plain[0].toUpper();
    }
    return words.value(pathText(key), plain);
}

OptionForm::OptionForm(const QString& name, QWidget* parent)
    : QWidget(parent), m_name(name), m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setVerticalSpacing(4);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeft);
}

void OptionForm::setOptions(std::vector<core::ClusterOption> options)
{
    while (m_form->rowCount() > 0) {
        m_form->removeRow(0);
    }
    m_controls.clear();
    m_options = std::move(options);
    for (const core::ClusterOption& option : m_options) {
        QWidget* control = makeControl(option);
        auto* label = new QLabel(optionText(option.key), this);
        label->setBuddy(control);
        label->setMinimumWidth(kLabelWidth);
        label->setToolTip(control->toolTip());
        m_form->addRow(label, control);
        m_controls.push_back(control);
    }
    setVisible(!m_options.empty());
}

QWidget* OptionForm::makeControl(const core::ClusterOption& option)
{
    QWidget* control = option.kind == core::ClusterOption::Kind::Choice ? makeChoice(option) : makeLine(option);
    control->setObjectName(m_name + QLatin1Char('_') + pathText(option.key));
    control->setAccessibleName(optionText(option.key));
    control->setToolTip(tipOf(option));
    return control;
}

QWidget* OptionForm::makeChoice(const core::ClusterOption& option)
{
    auto* box = new QComboBox(this);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    if (option.fallback.empty()) {
        box->addItem(tr("as the data ask"), QString());
    }
    for (const std::string& choice : option.choices) {
        const bool usual = choice == option.fallback;
        box->addItem(usual ? tr("%1 (usual)").arg(pathText(choice)) : pathText(choice),
                     usual ? QString() : pathText(choice));
        if (usual) {
            box->setCurrentIndex(box->count() - 1);
        }
    }
    widenPopup(box);
    connect(box, &QComboBox::currentIndexChanged, this, &OptionForm::changed);
    return box;
}

QWidget* OptionForm::makeLine(const core::ClusterOption& option)
{
    auto* line = new QLineEdit(this);
    line->setPlaceholderText(option.fallback.empty() ? tr("as the data ask") : pathText(option.fallback));
    line->setMinimumWidth(60);
    const bool range = option.most > option.least;
    if (option.kind == core::ClusterOption::Kind::Integer && range) {
        line->setValidator(new QIntValidator(int(option.least), int(std::min(option.most, 2147483647.0)), line));
    } else if (option.kind == core::ClusterOption::Kind::Number && range) {
        line->setValidator(new PlainDouble(option.least, option.most, line));
    }
    connect(line, &QLineEdit::textChanged, this, &OptionForm::changed);
    return line;
}

QString OptionForm::valueOf(std::size_t index) const
{
    const auto* box = qobject_cast<const QComboBox*>(m_controls[index]);
    return box ? box->currentData().toString() : static_cast<const QLineEdit*>(m_controls[index])->text().trimmed();
}

std::map<std::string, std::string> OptionForm::values() const
{
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i < m_options.size(); ++i) {
        const std::string value = valueOf(i).toStdString();
        if (!value.empty() && value != m_options[i].fallback) {
            values[m_options[i].key] = value;
        }
    }
    return values;
}

void OptionForm::setValues(const std::map<std::string, std::string>& values)
{
    for (std::size_t i = 0; i < m_options.size(); ++i) {
        const auto found = values.find(m_options[i].key);
        const std::string value = found == values.end() || found->second == m_options[i].fallback ? "" : found->second;
        if (auto* box = qobject_cast<QComboBox*>(m_controls[i])) {
            box->setCurrentIndex(std::max(0, box->findData(pathText(value))));
        } else {
            static_cast<QLineEdit*>(m_controls[i])->setText(pathText(value));
        }
    }
}

} // namespace semascope::ui
