#pragma once
#include <QFrame>
#include <QImage>

class QLabel;
class QPushButton;

namespace semascope::ui {

class ElidedLabel;

/// What a search is for, on top of its results: the picture or text, a line that says how the results are ordered, and
/// the way back.
class QueryCard : public QFrame
{
    Q_OBJECT

public:
    struct Query
    {
        QImage picture; ///< null: a text
        QString title;  ///< "holiday.jpg", "“a red circle”"
        QString line;   ///< "best of 5,000 by cosine"
        QString tip;    ///< why it is that
    };

    explicit QueryCard(QWidget* parent = nullptr);
    /// Shows the card.
    void setQuery(const Query& query);
    void clear(); ///< hides it

Q_SIGNALS:
    void clearWanted();

private:
    QLabel *m_picture = nullptr, *m_line = nullptr;
    ElidedLabel* m_title = nullptr;
};

} // namespace semascope::ui
