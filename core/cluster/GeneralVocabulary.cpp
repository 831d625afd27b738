#include "core/cluster/ClusterNames.h"

namespace semascope::core {

// Written for this program: what photographs and drawings show, in everyday words. Text encoders tell looks apart as
// well as things, so colours, materials and the state of the picture itself are in here too.
const std::vector<std::string>& generalVocabulary()
{
    // clang-format off
    static const std::vector<std::string> words{
        // people
        "man", "woman", "boy", "girl", "baby", "toddler", "teenager", "old man", "old woman", "couple", "family",
        "crowd", "group of friends", "bride", "groom", "wedding party", "portrait of a person", "smiling face",
        "serious face", "laughing child", "crying baby", "person seen from behind", "soldier", "police officer",
        "firefighter", "doctor", "nurse", "chef", "waiter", "farmer", "construction worker", "office worker",
        "teacher", "student", "musician", "singer", "dancer", "politician giving a speech", "athlete", "clown",
        "monk", "tourist", "street vendor", "audience", "choir", "marching band", "hand", "feet", "eye", "tattoo",
        // faces and clothing
        "beard", "moustache", "glasses", "sunglasses", "long hair", "curly hair", "blond hair", "bald head",
        "make-up", "hat", "cap", "helmet", "scarf", "tie", "suit", "dress", "skirt", "jeans", "t-shirt", "jacket",
        "coat", "sweater", "uniform", "swimsuit", "pyjamas", "socks", "shoes", "boots", "sneakers", "high heels",
        "sandals", "gloves", "handbag", "backpack", "umbrella", "jewellery", "necklace", "earrings", "wristwatch",
        "mask", "costume", "apron", "kimono", "headscarf", "crown",
        // animals at home and on the farm
        "dog", "puppy", "cat", "kitten", "rabbit", "hamster", "goldfish", "horse", "pony", "donkey", "cow", "calf",
        "bull", "sheep", "lamb", "goat", "pig", "piglet", "herd of cattle", "dog on a leash", "sleeping cat",
        // wild animals
        "elephant", "giraffe", "zebra", "lion", "tiger", "leopard", "bear", "polar bear", "panda", "wolf", "fox",
        "deer", "moose", "antelope", "buffalo", "rhinoceros", "hippopotamus", "camel", "llama", "kangaroo", "koala",
        "monkey", "gorilla", "squirrel", "mouse", "hedgehog", "raccoon", "otter", "beaver", "bat", "frog", "toad",
        "lizard", "snake", "crocodile", "turtle", "salamander",
        // sea animals and small ones
        "fish", "shark", "whale", "dolphin", "seal", "octopus", "jellyfish", "crab", "lobster", "starfish", "coral",
        "seashell", "butterfly", "moth", "bee", "wasp", "ant", "beetle", "ladybird", "dragonfly", "grasshopper",
        "spider", "snail", "caterpillar",
        // birds
        "bird", "chicken", "rooster", "duck", "goose", "swan", "turkey", "pigeon", "seagull", "sparrow", "crow",
        "owl", "eagle", "parrot", "penguin", "flamingo", "ostrich", "peacock", "hummingbird", "pelican", "stork",
        "flock of birds", "bird's nest", "feather",
        // food
        "pizza", "hamburger", "hot dog", "sandwich", "french fries", "pasta", "noodles", "rice", "soup", "salad",
        "steak", "sausage", "roast chicken", "grilled fish", "sushi", "curry", "bread", "toast", "cheese", "eggs",
        "pancakes", "waffles", "doughnut", "croissant", "cake", "birthday cake", "cupcake", "pie", "biscuits",
        "chocolate", "ice cream", "sweets", "popcorn", "breakfast", "lunch box", "buffet", "picnic", "fast food",
        // fruit and vegetables
        "apple", "banana", "orange", "lemon", "strawberry", "grapes", "cherry", "peach", "pear", "pineapple",
        "watermelon", "mango", "avocado", "tomato", "potato", "carrot", "broccoli", "cauliflower", "cabbage",
        "lettuce", "cucumber", "pepper", "onion", "garlic", "mushroom", "pumpkin", "corn", "beans", "nuts", "herbs",
        "fruit bowl", "vegetable stall",
        // drinks and tableware
        "cup of coffee", "cup of tea", "glass of wine", "glass of beer", "cocktail", "bottle", "milk", "juice",
        "water glass", "mug", "teapot", "plate", "bowl", "fork", "knife", "spoon", "chopsticks",
        "table set for dinner",
        // furniture and things in the house
        "chair", "armchair", "sofa", "bench", "stool", "table", "desk", "bed", "bunk bed", "cradle", "wardrobe",
        "bookshelf", "chest of drawers", "lamp", "chandelier", "candle", "mirror", "picture frame", "clock", "vase",
        "curtain", "carpet", "pillow", "blanket", "basket", "bucket", "box", "bin", "fireplace", "stove", "oven",
        "microwave", "refrigerator", "toaster", "kettle", "frying pan", "cooking pot", "sink", "bathtub", "shower",
        "toilet", "towel", "toothbrush", "soap", "washing machine", "iron", "vacuum cleaner", "broom", "radiator",
        "fan", "suitcase", "key", "book", "newspaper", "magazine", "letter", "banknote", "coin", "pen", "pencil",
        "notebook", "scissors",
        // rooms and inside places
        "kitchen", "bathroom", "bedroom", "living room", "dining room", "office", "classroom", "library", "hallway",
        "staircase", "garage", "cellar", "attic", "restaurant", "café", "bar", "hotel lobby", "supermarket", "shop",
        "bakery", "hospital room", "laboratory", "factory", "workshop", "warehouse", "gymnasium", "theatre", "cinema",
        "museum", "art gallery", "concert hall", "church interior", "airport terminal", "waiting room", "prison cell",
        // buildings
        "house", "cottage", "block of flats", "skyscraper", "tower", "castle", "palace", "church", "cathedral",
        "mosque", "temple", "pagoda", "monument", "statue", "fountain", "bridge", "dam", "lighthouse", "windmill",
        "barn", "greenhouse", "tent", "hut", "ruin", "stadium", "school", "railway station", "petrol station",
        "clock tower", "brick wall", "roof", "balcony", "window", "door", "gate", "fence", "chimney", "arch", "column",
        "construction site", "crane",
        // streets and places outside
        "city street", "busy crossing", "alley", "motorway", "country road", "pavement", "parking lot", "market",
        "town square", "park", "playground", "garden", "cemetery", "harbour", "pier", "traffic light", "stop sign",
        "street sign", "parking meter", "fire hydrant", "post box", "telephone box", "street lamp", "shop window",
        "billboard", "graffiti", "skyline", "village", "farm", "railway track", "tunnel", "runway", "campsite",
        // vehicles
        "car", "sports car", "vintage car", "taxi", "police car", "ambulance", "fire engine", "bus",
        "double-decker bus",
        "tram", "lorry", "pickup truck", "van", "tractor", "bulldozer", "motorcycle", "scooter", "bicycle",
        "train", "steam locomotive", "underground train", "aeroplane", "jet fighter", "helicopter", "hot-air balloon",
        "airship", "rocket", "boat", "sailing boat", "rowing boat", "ship", "cruise ship", "ferry", "canoe",
        "submarine",
        "horse-drawn carriage", "wheelchair", "pram", "shopping trolley", "sledge", "wheel", "engine", "cockpit",
        // sport
        "football match", "american football", "basketball", "baseball", "tennis", "table tennis", "volleyball",
        "golf", "rugby", "cricket", "ice hockey", "boxing", "wrestling", "martial arts", "fencing", "gymnastics",
        "running race", "swimming", "diving", "surfing", "sailing", "skateboarding", "skiing", "snowboarding",
        "ice skating", "cycling race", "horse riding", "climbing", "fishing", "archery", "yoga", "weight lifting",
        "frisbee", "ball", "tennis racket", "baseball bat", "skateboard", "surfboard", "skis", "kite", "trophy",
        // nature
        "mountain", "hill", "valley", "cliff", "cave", "volcano", "glacier", "desert", "sand dune", "beach", "coast",
        "island", "sea", "wave", "lake", "pond", "river", "waterfall", "swamp", "forest", "jungle", "meadow", "field",
        "vineyard", "rock", "pebbles", "sand", "mud", "path through the woods", "bare landscape", "reef", "underwater",
        // sky and weather
        "blue sky", "clouds", "storm", "lightning", "rain", "rainbow", "fog", "snow", "ice", "frost", "wind", "sunset",
        "sunrise", "night sky", "stars", "moon", "sun", "planet", "galaxy", "northern lights", "fire", "smoke",
        "explosion", "fireworks", "shadow", "reflection in water", "spring", "summer", "autumn leaves", "winter",
        // plants
        "tree", "palm tree", "pine tree", "blossoming tree", "bush", "hedge", "grass", "moss", "fern", "cactus", "ivy",
        "flower", "rose", "tulip", "sunflower", "daisy", "orchid", "lily", "poppy", "lavender", "bunch of flowers",
        "potted plant", "leaf", "branch", "tree trunk", "seeds", "crops", "hay", "bamboo", "seaweed",
        // tools and machines
        "hammer", "screwdriver", "saw", "spanner", "drill", "axe", "shovel", "ladder", "rope", "chain", "nail",
        "wheelbarrow", "sewing machine", "scales", "compass", "telescope", "microscope", "binoculars", "syringe",
        "gun", "sword", "shield", "gears", "pipes", "cables", "robot", "machine", "wind turbine", "solar panels",
        "power lines",
        // electronics
        "computer", "laptop", "keyboard", "computer mouse", "monitor", "printer", "mobile phone", "telephone", "tablet",
        "television", "remote control", "radio", "loudspeaker", "headphones", "microphone", "camera", "video game",
        "games console", "circuit board", "battery", "calculator", "screen full of text",
        // toys, games and music
        "doll", "teddy bear", "toy car", "building blocks", "puzzle", "board game", "chess", "playing cards", "dice",
        "balloon", "swing", "slide", "roller coaster", "merry-go-round", "puppet", "snowman", "piano", "guitar",
        "violin", "drum", "trumpet", "flute", "accordion", "present", "christmas tree", "party", "flag", "toys",
        // materials and textures
        "wood", "metal", "rusty metal", "glass", "stone", "marble", "brick", "concrete", "plastic", "paper",
        "cardboard", "leather", "fabric", "wool", "lace", "fur", "rubber", "gold", "silver", "tiles", "mosaic",
        "knitted", "woven", "cracked", "bumpy", "smooth", "shiny", "transparent", "fluffy", "wrinkled", "wet", "dusty",
        // colours
        "red", "orange colour", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey",
        "turquoise", "beige", "many colours", "pale colours", "bright colours", "dark colours",
        // shapes and patterns
        "circle", "square", "triangle", "star shape", "heart shape", "cross", "spiral", "stripes", "polka dots",
        "chequered pattern", "zigzag", "grid", "floral pattern", "camouflage", "fractal", "symmetry", "round object",
        "long thin object", "pile of things", "row of things", "arrow", "letters of the alphabet", "number", "digit",
        // kinds of pictures
        "painting", "oil painting", "watercolour", "pencil drawing", "charcoal sketch", "child's drawing", "cartoon",
        "comic", "anime", "poster", "logo", "icon", "diagram", "chart", "map", "handwriting", "page of text",
        "screenshot", "computer graphics", "pixel art", "sculpture", "stained glass", "embroidery", "origami",
        "collage", "album cover", "advertisement", "book cover", "stamp", "x-ray image", "satellite image",
        "microscope image", "passport photo", "selfie", "family photo", "old photograph", "silhouette",
        // what happens
        "eating", "drinking", "cooking", "sleeping", "reading", "writing", "working at a computer",
        "talking on the phone",
        "shopping", "walking", "running", "jumping", "sitting", "standing in line", "dancing", "singing",
        "playing music",
        "playing a game", "hugging", "kissing", "shaking hands", "waving", "driving", "riding", "flying", "falling",
        "carrying something", "cleaning", "painting a wall", "repairing", "gardening", "feeding animals", "bathing",
        "brushing teeth", "cutting hair", "taking a photo", "meeting", "lecture", "ceremony", "parade", "protest",
        "concert", "festival", "accident", "war", "holiday", "sightseeing",
        // how the picture looks
        "black and white photo", "sepia photo", "blurry photo", "dark photo", "overexposed photo", "grainy photo",
        "low resolution image", "close-up", "wide view", "aerial view", "fisheye view", "view from below",
        "view through a window", "motion blur", "long exposure", "blurred background", "plain white background",
        "black background", "studio light", "neon light", "candlelight", "night scene", "backlight", "cropped object",
        "empty room", "picture with a frame", "watermark", "upside down", "blank image", "noise",
    };
    // clang-format on
    return words;
}

} // namespace semascope::core
