"""English sentences made by a small grammar: varied words, all phones, no text of anybody else."""

from __future__ import annotations

import random
import re
from pathlib import Path

_LEXICON = """
name: Abby; Beth; Bob; Boyd; Chuck; Cheryl; Doug; Eve; Faith; Fiona; Floyd; George; Gwen; Hugh; Ian; Joyce;
    Judith; Kate; Keith; Louise; Mabel; Maggie; Mark; Moira; Nathan; Olive; Owen; Pam; Paul; Phoebe;
    Quentin; Ruth; Shawn; Sophie; Theo; Thelma; Tom; Ursula; Vivian; Walter; Wyatt; Yolanda; Yusuf; Zach;
    Zoe; Roy; Thatcher; Bjorn; Maeve; Joe; Pippa; Pavel
noun: apple; arrow; author; baby; bath; beach; bear; beehive; boat; book; bottle; bowl; boy; bubble; bucket;
    butcher; button; cabbage; camera; candle; carpet; castle; cathedral; chair; cheese; cherry; child;
    choice; cloud; coffee; collar; cookie; cottage; cousin; cup; curtain; cushion; daughter; desert; dog;
    donkey; door; dove; earthquake; elbow; engine; eyebrow; father; feather; fever; finger; fish; flag;
    flower; fog; fork; fountain; fox; garage; garden; ghost; giant; glove; goose; grandmother; guitar;
    hammer; harbour; hedge; hood; horse; house; iceberg; island; jacket; jar; jewel; judge; juice; jungle;
    kettle; king; kitchen; knee; ladder; lamb; lawyer; leather; lemon; letter; lion; lobster; machine; map;
    marble; measure; meadow; melody; menu; mirror; moon; mother; mountain; mouse; mouth; mushroom; needle;
    neighbour; oak; ocean; office; onion; orchard; oven; oyster; paper; parrot; path; pebble; pencil;
    pepper; piano; pigeon; pillow; pipe; pizza; pocket; poem; pony; puppy; puzzle; queen; rabbit; radio;
    river; robin; roof; rope; sausage; school; shadow; sheep; ship; shoe; shovel; singer; smoke; snail;
    soap; soldier; song; soup; spider; spoon; squirrel; stone; storm; sugar; table; teacher; teapot;
    television; theatre; thief; thumb; tiger; tooth; towel; tower; toy; treasure; tree; trumpet; umbrella;
    uncle; valley; van; vase; vegetable; view; village; violin; visitor; voice; volcano; voyage; waiter;
    wallet; watch; weather; wheel; whistle; window; wolf; woman; wood; worm; yacht; year; yogurt; zebra;
    zipper
adjective: ancient; awful; beige; blue; bold; brave; broad; brown; calm; charming; cheap; clever; cloudy;
    cold; cosy; crowded; cruel; damp; dark; deaf; deep; dull; eager; early; empty; enormous; familiar;
    famous; fast; fluffy; foolish; fresh; fuzzy; gentle; giant; gloomy; golden; good; grey; happy; harmless;
    heavy; hollow; huge; humble; jolly; juicy; lazy; little; lonely; loud; loyal; lucky; marvellous;
    massive; modern; moody; mouldy; muddy; narrow; noisy; odd; old; open; orange; patient; perfect;
    pleasant; plump; poor; precious; private; proud; purple; quick; quiet; rare; rough; round; royal; rude;
    sharp; shiny; shy; silver; smooth; soapy; soft; sour; spoiled; strange; strong; stubborn; subtle; sunny;
    thick; thin; thirsty; tiny; tough; unusual; useful; vague; valuable; velvet; warm; wealthy; weird;
    white; wide; wild; wooden; wrong; yellow; young
verb: admired; announced; avoided; baked; begged; believed; borrowed; bought; broke; brought; brushed;
    buried; called; carried; caught; changed; chased; chewed; chose; cleaned; cooked; covered; described;
    destroyed; discovered; dropped; enjoyed; examined; followed; forgave; forgot; found; fixed; gave;
    guarded; heard; helped; hid; hugged; hurt; ignored; imagined; invited; judged; kept; kicked; knew; left;
    liked; lost; loved; measured; mentioned; missed; moved; noticed; observed; offered; opened; painted;
    passed; photographed; picked; pleased; polished; promised; pulled; pushed; put; reached; recognised;
    refused; remembered; repaired; replaced; rubbed; saved; saw; shook; showed; smelled; sold; stopped;
    studied; swallowed; threw; touched; towed; treasured; turned; understood; used; viewed; visited; wanted;
    washed; watched; weighed; wished; wove
gone: arrived; appeared; argued; blushed; bounced; breathed; coughed; cried; danced; disappeared; dozed;
    fell; floated; flew; froze; giggled; growled; hummed; hurried; jumped; laughed; leaned; listened;
    mumbled; paused; played; prayed; ran; rested; roared; sang; sat; shivered; shouted; sighed; slept;
    slipped; smiled; sneezed; spoke; stumbled; swam; talked; thought; trembled; vanished; voted; waited;
    walked; wandered; wept; whispered; woke; worked; yawned; yelled
adverb: always; badly; barely; bravely; carefully; cheerfully; early; easily; finally; foolishly; gently;
    happily; hardly; usually; loudly; maybe; never; nobly; obviously; often; patiently; perhaps; poorly;
    possibly; probably; proudly; quickly; quietly; rarely; roughly; safely; slowly; smoothly; softly;
    sometimes; suddenly; thoroughly; thoughtfully; truly; warmly
place: behind the barn; under the bridge; above the clouds; beside the pool; near the harbour; at the edge
    of the wood; in the middle of the road; over the rooftops; on top of the cupboard; from Egypt to Peru;
    through the back door; along the beach; inside the cave; in Norway; across five muddy fields; outside
    the bathroom; between the houses; in front of the museum; by the fireplace; at the bus stop; in both
    hands; beneath the floor; around the corner
time: this morning; last Thursday; before breakfast; after the movie; twice a month; for ages; every
    February; at half past four; the day before yesterday; during the voyage; once again; in a moment; by
    the end of June; on my birthday; all through the night; as usual; at noon
number: two; three; four; five; six; seven; eight; nine; eleven; twelve; thirteen; fourteen; fifteen;
    sixteen; seventeen; twenty; thirty; forty; fifty; sixty; ninety
exclaim: Oh no; Well; Wow; Hey; Yes; Please; Good morning; Thank you; My goodness; Bravo; Maybe not; Of
    course; Be careful; What a pity; Help; Why not; Absolutely; Perfect
"""

TEMPLATES: tuple[str, ...] = (
    "The {adjective} {noun} {verb} the {noun} {place}.",
    "{name} {verb} a {adjective} {noun}, and {name} {gone} {adverb}.",
    "{exclaim}! My {noun} {gone} {place} {time}.",
    "Why did the {noun} look so {adjective} {time}?",
    "{number} {adjective} {noun}s and {number} {noun}s {gone} {place}.",
    "When the {noun} {gone}, {name} {adverb} {verb} her {adjective} {noun}.",
    "I think {name} {verb} you, but nobody {verb} me.",
    "Would you give {name} the {adjective} {noun} {place}, please?",
    "{time} we {adverb} {verb} {number} {noun}s; they were {adjective} and {adjective}.",
    "{exclaim}, {name}. Is that {noun} {adjective} or {adjective}?",
    "If {name} and {name} {gone} {place}, who {verb} our {noun}?",
    "You should have {verb} the {noun}, but you {gone} {time}.",
    "{noun}, {noun}, {adjective} {noun}, {number}.",
    "Our {noun} has {number} {noun}s, a {noun} and a very {adjective} {noun}.",
    "{name}! {exclaim}! The {noun}!",
    "What I mean is that the {noun} {gone} {adverb}, whatever they {verb}.",
    "{adverb}, the {adjective} {adjective} {noun} {gone}.",
    "They both {verb} it {place}; it was {name}'s {noun}.",
)


def _words(lexicon: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.partition(": ") for entry in lexicon.replace("\n    ", " ").strip().splitlines())
    return {kind: tuple(words.split("; ")) for kind, _, words in entries}


WORDS = _words(_LEXICON)


def sentence(draw: random.Random) -> str:
    """Make one sentence; the same state of `draw` makes the same sentence."""
    text = draw.choice(TEMPLATES)
    for kind, words in WORDS.items():
        while f"{{{kind}}}" in text:
            text = text.replace(f"{{{kind}}}", draw.choice(words), 1)
    return text[0].upper() + text[1:]


DICTIONARY = Path("/usr/share/festival/dicts/cmu/cmudict-0.4.out")
"""Of the Debian package festlex-cmu."""
FUNCTION_WORDS = (
    *("a", "the", "of", "to", "in", "and", "is", "was", "for", "that", "it"),
    *("with", "as", "by", "from", "but", "or", "if", "not", "they"),
)


def read_words(dictionary: Path = DICTIONARY) -> tuple[str, ...]:
    """Words of 3 to 12 letters of a Festival lexicon, each once."""
    found = re.findall(r'^\("([a-z]{3,12})"', dictionary.read_text(encoding="latin-1"), re.MULTILINE)
    return tuple(dict.fromkeys(found))


def word_list(draw: random.Random, words: tuple[str, ...]) -> str:
    """Make a sentence without sense of rare words, so that sounds meet in every order."""
    chosen: list[str] = []
    for _ in range(draw.randint(3, 7)):
        if draw.random() < 0.4:
            chosen.append(draw.choice(FUNCTION_WORDS))
        chosen.append(draw.choice(words) + ("," if draw.random() < 0.12 else ""))
    return " ".join(chosen).rstrip(",").capitalize() + draw.choice("...?!")
