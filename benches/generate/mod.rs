//! Makes articles for the benchmarks: distinct documents of a given total size, the same ones every time.
//!
//! [`dense`] has articles on the negotiation alone: speakers, parties and offices are drawn from a codebook, sentences from the
//! templates below, and about one paragraph in three reports a position, the others are background. That is the most that
//! there is to do. [`news`] is nearer to a newsroom's archive: one article in five is of this kind, the others are on anything else.

mod news;

use demarche::codebook::{Codebook, OfficeRank};
use demarche::document::Document;
use demarche::document::{ReadOptions, jsonl::Records};
use jiff::civil::{Date, date};

/// A small generator of numbers (xorshift64*): no benchmark should change because a crate changed its own.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides.max(1)
    }

    fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.roll(items.len())]
    }
}

/// Matters as noun phrases, and as what somebody does.
const MATTERS: [(&str, &str); 22] = [
    ("NATO membership for Ukraine", "to see Ukraine join NATO"),
    ("a ceasefire along the front line", "to agree to a ceasefire"),
    ("the restoration of Ukraine’s territorial integrity", "to restore Ukraine’s borders"),
    ("a swap of occupied land", "to exchange territory"),
    ("binding security guarantees", "to give Ukraine security guarantees"),
    ("the deployment of European peacekeepers", "to send peacekeepers to Ukraine"),
    ("sending American troops", "to deploy U.S. troops in Ukraine"),
    ("Ukraine’s seat at the negotiating table", "to negotiate without Ukraine"),
    ("a European seat at the table", "to include Europe in the talks"),
    ("direct negotiations with Moscow", "to start peace talks"),
    ("further deliveries of weapons", "to supply more weapons to Ukraine"),
    ("a larger European share of the aid", "to shoulder the bulk of the aid"),
    ("tougher sanctions on Russia", "to tighten sanctions on Russia"),
    ("a deal on rare earth minerals", "to share its mineral wealth"),
    ("new elections in Ukraine", "to hold elections"),
    ("concessions before the talks begin", "to make concessions in advance"),
    ("Ukraine’s neutrality", "to remain neutral"),
    ("Ukraine’s accession to the European Union", "to join the European Union"),
    ("the return of the Zaporizhzhia nuclear plant", "to spare energy sites"),
    ("an exchange of all prisoners", "to release prisoners of war"),
    ("the use of frozen Russian assets", "to pay for the damage"),
    ("a tribunal for war crimes", "to prosecute war crimes"),
];

/// Sentences that report a position. `S` is a speaker in full, `N` the surname, `P` a party, `Q` another party, `M` a matter as a
/// noun phrase, `V` as a verb phrase, `D` a day, `T` a place.
const POSITIONS: [&str; 32] = [
    "S said on D that P wants M.",
    "“We need M, and we need it soon,” S told reporters in T. “Nothing else will hold.”",
    "S rejected M on D, calling it “unrealistic” while the shelling goes on.",
    "According to S, P is ready V if its partners do the same.",
    "P’s foreign ministry said it would never accept M.",
    "“There can be no agreement without us,” N said, adding that M remained a priority for P.",
    "S, who arrived in T on D, insisted on M as part of any settlement.",
    "Officials in T accused Q of refusing V.",
    "N said Q wants M, but that P does not.",
    "P and Q called for M in a joint statement issued in T.",
    "“M? That is not on the agenda,” S said when asked about it on D.",
    "P has long demanded M, a goal that N repeated in T.",
    "S did not rule out M, but said it was premature to discuss it.",
    "Asked whether P was prepared V, N replied: “Of course we are.”",
    "“We will not be pressed into M,” said S.",
    "P threatened to leave the talks unless Q agreed V.",
    "S told parliament that P could not support M without guarantees from Q.",
    "The government in T opposes M, a senior official said on condition of anonymity.",
    "Former adviser Hal Brandt, now at a university, said M was “the only way out”.",
    "“It is up to P to decide,” N said of M, declining to say more.",
    "N urged Q V before the end of the month.",
    "S welcomed M as a step forward, while warning against haste.",
    "P would consider M only after a full withdrawal, S said.",
    "“Q must stop,” S said on D. “We demand M, not promises.”",
    "S said that neither M nor anything like it had been discussed with Q.",
    "P backs M, but N voiced doubts that Q would agree V.",
    "The spokesman for S said P remained open to M.",
    "“Our position is clear: M,” N wrote on social media on D.",
    "In T, S ruled out M and said P would instead press Q V.",
    "S described M as essential, and M2 as out of the question.",
    "N refused to rule out M, saying “everything is on the table”.",
    "Without M, S warned, any deal with Q would be a pause before the next war.",
];

/// Sentences that report no position.
const BACKGROUND: [&str; 24] = [
    "The meeting in T lasted for more than three hours and ended without a statement.",
    "Delegations from P and Q are expected to return to T on D.",
    "Rain delayed the arrival of the motorcade, and reporters waited behind a rope in the courtyard.",
    "Last winter the price of gas rose by a third, and several factories near T closed for a month.",
    "N, who studied engineering before entering politics, was accompanied by two aides and an interpreter.",
    "The front has barely moved since the autumn, although both sides report heavy losses.",
    "On D, drones struck a warehouse outside T, and a fire burned until the next morning.",
    "It was the fourth such visit in a year; the first ended early because of an alarm.",
    "Analysts in T had expected the announcement a week earlier.",
    "Trade between P and Q fell to $1.4 billion, down from $3.2 billion the year before.",
    "The building, once a post office, has hosted talks of this kind since 1975.",
    "A poll published on D put support for the government at 41 percent, within the margin of error.",
    "Neither delegation took questions afterwards.",
    "Trains between T and the border run twice a day, down from six before the war.",
    "The two leaders shook hands for the cameras and then walked to separate cars.",
    "Some 2,300 people were evacuated from villages along the river, regional officials wrote.",
    "S took office after elections that were held on a Sunday in spring.",
    "A transcript of the call was not released.",
    "The draft, seen by several news agencies, runs to eleven pages and has two annexes.",
    "Workers repaired the power line by noon, according to the operator.",
    "Outside, a small crowd held up photographs of missing soldiers.",
    "The envoy flew on to T the same evening.",
    "Observers from the mission counted 114 explosions overnight, 20 fewer than the night before.",
    "The next round had been planned for D, but no date was confirmed.",
];

const PLACES: [&str; 14] = [
    "Kyiv",
    "Brussels",
    "Washington",
    "Geneva",
    "Istanbul",
    "Riyadh",
    "Paris",
    "Berlin",
    "Warsaw",
    "London",
    "Munich",
    "Vienna",
    "Helsinki",
    "Rome",
];
const DAYS: [&str; 10] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Feb. 10", "February 3", "Sunday", "Saturday", "Jan. 28"];
const OUTLETS: [&str; 5] = ["Example Daily", "Northern Wire", "The Harbour Post", "Evening Courier", "Channel Six"];

/// Somebody in office.
struct Speaker {
    name: String,
    title: String,
    party: String,
}

const PUBLISHED: Date = date(2025, 2, 14);

fn speakers(codebook: &Codebook) -> Vec<Speaker> {
    let number = |person: usize| u32::try_from(person).unwrap_or(u32::MAX);
    let holders = (0..codebook.people.len()).filter_map(|person| {
        let office = codebook.office(number(person), Some(PUBLISHED))?;
        let party = codebook.parties.get(office.party as usize)?;
        (office.rank > OfficeRank::Legislator).then(|| Speaker {
            name: codebook.people[person].name.clone(),
            title: office.title.clone(),
            party: party.name.clone(),
        })
    });
    holders.collect()
}

fn fill(template: &str, speaker: &Speaker, other: &Speaker, dice: &mut Dice) -> String {
    let (noun, verb) = MATTERS[dice.roll(MATTERS.len())];
    let second = MATTERS[dice.roll(MATTERS.len())].0;
    let surname = speaker.name.rsplit(' ').next().unwrap_or(&speaker.name);
    let full = match dice.roll(4) {
        0 => format!("{}, the {} of {}", speaker.name, speaker.title, speaker.party),
        1 => surname.to_string(),
        _ => speaker.name.clone(),
    };
    let mut out = String::new();
    let mut letters = template.chars().peekable();
    while let Some(c) = letters.next() {
        // A letter stands for something where it stands alone.
        let alone = !out.ends_with(|l: char| l.is_alphanumeric()) && !letters.peek().is_some_and(|l| l.is_alphabetic());
        match c {
            'S' if alone => out.push_str(&full),
            'N' if alone => out.push_str(surname),
            'P' if alone => out.push_str(&speaker.party),
            'Q' if alone => out.push_str(&other.party),
            'M' if alone && letters.peek() == Some(&'2') => {
                letters.next();
                out.push_str(second);
            }
            'M' if alone => out.push_str(noun),
            'V' if alone => out.push_str(verb),
            'D' if alone => out.push_str(dice.pick(&DAYS)),
            'T' if alone => out.push_str(dice.pick(&PLACES)),
            other => out.push(other),
        }
    }
    out
}

fn article(number: usize, speakers: &[Speaker], dice: &mut Dice) -> Document {
    let place = dice.pick(&PLACES);
    // An article has a handful of people, as articles do.
    let cast: Vec<&Speaker> = (0..3 + dice.roll(4)).map(|_| &speakers[dice.roll(speakers.len())]).collect();
    let mut text = format!("Talks in {place}: report {number}\n");
    for paragraph in 0..14 + dice.roll(16) {
        text.push('\n');
        if paragraph == 0 {
            text.push_str(&format!("{} — ", place.to_uppercase()));
        }
        let (speaker, other) = (cast[dice.roll(cast.len())], cast[dice.roll(cast.len())]);
        let position = dice.roll(3) == 0;
        for sentence in 0..1 + dice.roll(3) {
            if sentence > 0 {
                text.push(' ');
            }
            let template = if position && sentence == 0 { dice.pick(&POSITIONS) } else { dice.pick(&BACKGROUND) };
            text.push_str(&fill(template, speaker, other, dice));
        }
        text.push('\n');
    }
    document(number, &text, dice)
}

/// Makes an article on anything but the negotiation.
fn other_article(number: usize, dice: &mut Dice) -> Document {
    let sentences = news::FIELDS[dice.roll(news::FIELDS.len())];
    let cast = news::cast(dice);
    let mut text = format!("{}: report {number}\n", dice.pick(&PLACES));
    for _ in 0..10 + dice.roll(14) {
        text.push('\n');
        for sentence in 0..1 + dice.roll(3) {
            if sentence > 0 {
                text.push(' ');
            }
            text.push_str(&news::fill(dice.pick(sentences), &cast, dice));
        }
        text.push('\n');
    }
    document(number, &text, dice)
}

fn document(number: usize, text: &str, dice: &mut Dice) -> Document {
    let record = serde_json::json!({
        "id": format!("{number:06}.txt"), "text": text, "published": PUBLISHED.to_string(), "outlet": dice.pick(&OUTLETS),
    });
    let line = record.to_string();
    match Records::new(line.as_bytes(), ReadOptions::default()).next() {
        Some(Ok(document)) => document,
        other => panic!("the generator made no document: {other:?}"),
    }
}

/// A document such as nobody writes, of at least `bytes` bytes: all of it one sentence, quotation marks within quotation
/// marks, one paragraph, or full of names that no codebook knows.
pub(crate) fn odd(kind: &str, bytes: usize) -> Document {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    // Without the principals it would not be read.
    let mut text = "Envoys of Ukraine and Russia met near Kyiv. ".to_string();
    while text.len() < bytes {
        match kind {
            "sentence" => {
                text.push_str("Kyiv wants a ceasefire and the minister said that he rejects any swap of land while ")
            }
            "marks" => text.push_str(dice.pick(&["“", "‘", "« ", "\"no ", "“we want a ceasefire "])),
            "paragraph" => text.push_str(
                "The president said on Monday that Ukraine wants a ceasefire. “We need it soon,” he told reporters. \
                 Officials in Moscow rejected a swap of occupied land, and rain fell. ",
            ),
            _ => {
                let mut name = || -> String {
                    let letters = (0..6).map(|_| char::from(b'a' + dice.roll(26) as u8));
                    letters.enumerate().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect()
                };
                let (first, second) = (name(), name());
                text.push_str(&format!("The envoy Anna {first} met Boris {second}, who rejects a ceasefire. "));
            }
        }
    }
    let record = serde_json::json!({ "id": format!("{kind}.txt"), "text": text, "published": PUBLISHED.to_string() });
    match Records::new(record.to_string().as_bytes(), ReadOptions::default()).next() {
        Some(Ok(document)) => document,
        other => panic!("the generator made no document: {other:?}"),
    }
}

/// Makes articles on the negotiation of at least `bytes` bytes of text together.
pub(crate) fn dense(codebook: &Codebook, bytes: usize) -> Vec<Document> {
    corpus(codebook, bytes, 1)
}

/// Makes articles of at least `bytes` bytes of text together, one in five on the negotiation.
pub(crate) fn news(codebook: &Codebook, bytes: usize) -> Vec<Document> {
    corpus(codebook, bytes, 5)
}

/// Makes articles of which one in `every` is on the negotiation.
fn corpus(codebook: &Codebook, bytes: usize, every: usize) -> Vec<Document> {
    let speakers = speakers(codebook);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut documents = Vec::new();
    let mut made = 0;
    while made < bytes {
        let number = documents.len();
        let document =
            if number % every == 0 { article(number, &speakers, &mut dice) } else { other_article(number, &mut dice) };
        made += document.text.len();
        documents.push(document);
    }
    documents
}
