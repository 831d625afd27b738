#pragma once
#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace semascope::ui {

/// The words that clusters are named with, one a line, to be seen and edited.
class ClusterWords : public QDialog
{
    Q_OBJECT

public:
    /// `least`: as many words as there are clusters are needed.
    ClusterWords(const QString& title, const QStringList& words, int least, QWidget* parent = nullptr);

    /// Without empty and repeated lines and comments (#).
    const QStringList& words() const { return m_words; }
    /// They differ from what was shown first.
    bool edited() const { return m_words != m_first; }

Q_SIGNALS:
    void fileWanted(); ///< to read them from a file instead

private:
    void read();

    QStringList m_first, m_words;
    int m_least;
    QPlainTextEdit* m_text = nullptr;
    QLabel* m_count = nullptr;
    QPushButton* m_use = nullptr;
};

} // namespace semascope::ui
