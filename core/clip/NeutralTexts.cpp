#include "core/clip/JointMap.h"

namespace semascope::core {

// Spread over what photographs show, so that nothing in particular is left in their mean.
const std::vector<std::string>& neutralTexts()
{
    static const std::vector<std::string> texts{
        "a photo",
        "a picture of something",
        "an image",
        "a drawing on paper",
        "a painting",
        "an old black and white photograph",
        "a close-up of an object on a table",
        "a person standing in a room",
        "a man looking at the camera",
        "a woman walking down the street",
        "two children playing outside",
        "a group of people sitting together",
        "a face",
        "a dog lying on the floor",
        "a cat on a chair",
        "a bird in a tree",
        "a horse in a field",
        "a fish in the water",
        "an insect on a flower",
        "some wild animals",
        "a city street with cars and buildings",
        "a house with a garden",
        "a kitchen with a stove and a sink",
        "a bed in a bedroom",
        "a desk with a computer",
        "a shop full of things",
        "a train at a station",
        "an airplane in the sky",
        "a boat on a lake",
        "a bicycle leaning against a wall",
        "mountains under a blue sky",
        "a beach with waves",
        "a forest in autumn",
        "a snowy landscape",
        "the sky at night",
        "a plate of food",
        "fruit and vegetables",
        "a glass of something to drink",
        "people playing a sport",
        "someone holding a tool",
        "clothes and shoes",
        "a sign with words on it",
        "a toy",
        "a machine with many parts",
        "a musical instrument",
        "a pattern of colours",
        "a map or a diagram",
        "a screenshot with text",
    };
    return texts;
}

} // namespace semascope::core
