//! Articles of a newsroom's archive that are not about the negotiation: other politics, the economy, sport, the rest.
//!
//! Sentences are drawn from the templates below and their gaps filled from lists and with invented names, so that words do
//! not come again and again as they would with few sentences; countries and capitals that are parties occur as they do in
//! any news. About every third sentence reports speech.

use super::{DAYS, Dice, PLACES};

/// What an article is about: its sentences.
pub(super) const FIELDS: [&[&str]; 4] = [&POLITICS, &ECONOMY, &SPORT, &LIFE];

/// `{A}` is a new name of a person, `{B}` a surname of the article's cast, `{O}` an office, `{C}` a firm, `{T}` a place, `{L}` a
/// country, `{D}` a day, `{N}` a number, `{J}` an adjective, `{G}` a thing, `{H}` another thing, `{W}` a deed in the past.
const POLITICS: [&str; 16] = [
    "{A}, the {O}, said on {D} that the {J} {G} would be put to a vote before the summer.",
    "“Nobody in {T} believed that this {G} would survive the week,” {B} told reporters outside the {H}.",
    "Lawmakers in {L} {W} a {J} {G} on {D}, {N} votes to {N}, after a debate that ran past midnight.",
    "The opposition accused the {O} of hiding a {G} from the public; {B} denied it.",
    "According to {A}, who led the inquiry, officials {W} the {H} without asking for a second opinion.",
    "{B} resigned as {O} in March over a {J} {G}, the third such departure in {N} months.",
    "Polls in {L} give the party {N} percent, enough for a {J} majority if smaller groups fail to enter parliament.",
    "“I have read the {G}, and I find it {J},” said {A}, a member of the committee on the {H}.",
    "The court in {T} is expected to rule on the {G} by {D}, a spokeswoman said.",
    "Demonstrators {W} the square in front of the {H}, some with their children on their shoulders.",
    "A commission of {N} judges will look into the {G}, which has cost taxpayers {N} million so far.",
    "Asked about the {J} {G}, {B} declined to comment.",
    "The {O} flew to {T} to discuss trade, migration and a {J} {H} with counterparts from {L}.",
    "Critics argue that the {G} favours cities over villages, an objection that {B} called {J}.",
    "The law, which {B} proposed last year, obliges owners of a {G} to register it with the {H}.",
    "{L} and {L} signed a treaty on fishing rights in {T} on {D}, ending a dispute of {N} years.",
];

const ECONOMY: [&str; 15] = [
    "Shares of {C} fell by {N} percent on {D} after the company {W} its {J} forecast for the year.",
    "“Demand for a {G} is not what it was,” said {A}, chief executive of {C}, in a call with analysts.",
    "Inflation in {L} slowed to {N} percent in January, the statistics office said, helped by cheaper {G}s.",
    "The central bank left rates unchanged, and {A}, its governor, gave no hint of a {J} cut.",
    "{C} will close its plant in {T} by {D}, with the loss of {N} jobs.",
    "Exports from {L} rose for the {N}th month, led by the {G} and the {H}.",
    "Unions {W} the offer of {C} as {J} and called their members out on {D}.",
    "Analysts at {C} expect the price of a {G} to double before the {H} is built.",
    "{A} bought the {J} {H} for {N} million and sold it {N} months later for twice as much.",
    "The regulator fined {C} {N} million for a {J} {G} that customers had complained about since 2019.",
    "“We are hiring again, slowly,” {B} said, adding that the {G} had taken longer than planned.",
    "Traders in {T} blamed a {J} {H} for the drop, which wiped {N} billion off the market.",
    "{C} reported a {J} profit of {N} million, while its rival {C} warned of losses.",
    "Farmers near {T} fear that the {G} will not survive another {J} summer.",
    "The merger of {C} with {C} still needs the consent of authorities in {L}, according to people familiar with it.",
];

const SPORT: [&str; 14] = [
    "{A} scored {N} minutes from the end as {T} beat a {J} side from {L}.",
    "“It was a {J} evening, and we deserved it,” said the coach, {A}.",
    "{B} injured a knee in training on {D} and will miss the {G} in {T}.",
    "The club has lost {N} of its last {N} matches and dropped to the foot of the table.",
    "Judges {W} the result after a {J} protest, giving the medal to {A} of {L}.",
    "{A} served {N} aces and needed only an hour to reach the last eight in {T}.",
    "Supporters threw a {G} onto the pitch, and play stopped for {N} minutes.",
    "The race leads from {T} over a {J} pass to the {H}, {N} kilometres in all.",
    "{B} told a newspaper that she would retire after the season, her {N}th as a professional.",
    "Organisers said that {N} tickets had been sold for the opening on {D}.",
    "It was the first {J} win for {L} since 1988.",
    "The federation rejected an appeal by {A}, who had failed a test in {T} last autumn.",
    "{B} played in goal, wore a {J} {G} for luck and saved two penalties.",
    "Rain, wind and a {J} {H} kept the yachts in the harbour until {D}.",
];

const LIFE: [&str; 15] = [
    "A fire in a {J} {H} near {T} killed {N} people on {D}, the police said.",
    "Researchers in {L} have found that a {G} can tell {N} kinds of smell apart, even when it is {J}.",
    "“At first I took it for a {G},” said {A}, who found the {J} object in a field.",
    "The museum in {T} {W} its {H} for the first time since the flood, and {N} people queued around the block.",
    "{A}, who wrote {N} novels and a {J} play about a {G}, has died at the age of {N}.",
    "Schools in {T} will stay closed until {D} because of a {J} virus.",
    "A train on the way from {T} to {T} left the rails on {D}; nobody was hurt.",
    "{B} grew up above a shop that sold {G}s and learned the piano from a {J} aunt.",
    "The film, {N} minutes long, tells of a {G} that outlives its {J} owners.",
    "Doctors at the hospital in {T} {W} the patient after {N} days, according to {A}.",
    "The storm tore the roof off a {H} and left {N} homes without power, officials in {L} said.",
    "Bees have returned to the {H}, wrote {A}, a biologist, to the surprise of {J} neighbours.",
    "The recipe asks for {N} onions, a {J} {G} and patience.",
    "A {J} painting stolen in {T} in 1991 turned up behind a {G}, and detectives would not say how.",
    "“You can hear the {H} at night,” {B} said. “It sounds like a {J} {G}.”",
];

const OFFICES: [&str; 14] = [
    "mayor",
    "transport minister",
    "speaker of parliament",
    "governor",
    "health secretary",
    "party chairman",
    "prosecutor",
    "minister of education",
    "deputy mayor",
    "former treasurer",
    "finance minister",
    "police chief",
    "senator",
    "ombudsman",
];
const LANDS: [&str; 24] = [
    "Portugal",
    "Kenya",
    "Japan",
    "Brazil",
    "Germany",
    "Canada",
    "Ukraine",
    "India",
    "Russia",
    "the United States",
    "Chile",
    "Norway",
    "France",
    "Egypt",
    "South Korea",
    "Mexico",
    "Poland",
    "Vietnam",
    "Italy",
    "Ghana",
    "New Zealand",
    "Turkey",
    "China",
    "Peru",
];
const ADJECTIVES: [&str; 40] = [
    "modest",
    "bitter",
    "long-awaited",
    "narrow",
    "costly",
    "quiet",
    "rusty",
    "brilliant",
    "unfinished",
    "secret",
    "regional",
    "seasonal",
    "damp",
    "cheerful",
    "outdated",
    "rare",
    "crowded",
    "steep",
    "generous",
    "hasty",
    "fragile",
    "remote",
    "noisy",
    "plain",
    "stubborn",
    "temporary",
    "wooden",
    "famous",
    "reckless",
    "sober",
    "partial",
    "foggy",
    "ambitious",
    "lonely",
    "rural",
    "expensive",
    "late",
    "surprising",
    "dubious",
    "electric",
];
const THINGS: [&str; 48] = [
    "bridge",
    "budget",
    "timetable",
    "orchard",
    "audit",
    "tunnel",
    "petition",
    "lighthouse",
    "tariff",
    "statue",
    "pension",
    "ferry",
    "licence",
    "museum",
    "subsidy",
    "stadium",
    "bicycle",
    "harvest",
    "vaccine",
    "archive",
    "canal",
    "loan",
    "parrot",
    "contract",
    "warehouse",
    "reservoir",
    "manuscript",
    "mortgage",
    "tram",
    "glacier",
    "census",
    "helmet",
    "recipe",
    "satellite",
    "fence",
    "insurance",
    "violin",
    "clinic",
    "railway",
    "forest",
    "charter",
    "carpet",
    "engine",
    "market",
    "telescope",
    "bakery",
    "permit",
    "compass",
];
const DEEDS: [&str; 16] = [
    "praised",
    "postponed",
    "approved",
    "reopened",
    "sold",
    "dropped",
    "examined",
    "repaired",
    "discharged",
    "abandoned",
    "revised",
    "dismissed",
    "welcomed",
    "filled",
    "renamed",
    "delayed",
];
const SYLLABLES: [&str; 30] = [
    "ba", "ren", "lo", "mi", "ska", "tor", "vel", "an", "do", "ri", "mar", "te", "lin", "hof", "sa", "ko", "ver", "nu",
    "pe", "gar", "ol", "di", "cas", "tro", "ham", "wi", "jo", "fen", "bru", "es",
];

/// Makes up a name of a few syllables.
fn name(dice: &mut Dice) -> String {
    let mut name: String = (0..2 + dice.roll(2)).map(|_| dice.pick(&SYLLABLES)).collect();
    name[..1].make_ascii_uppercase();
    name
}

/// The surnames that an article uses again.
pub(super) fn cast(dice: &mut Dice) -> Vec<String> {
    (0..3 + dice.roll(3)).map(|_| name(dice)).collect()
}

/// Fills the gaps of a template.
pub(super) fn fill(template: &str, cast: &[String], dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let (gap, after) = tail.split_once('}').unwrap_or((tail, ""));
        match gap {
            "A" => out.push_str(&format!("{} {}", name(dice), cast[dice.roll(cast.len())])),
            "B" => out.push_str(&cast[dice.roll(cast.len())]),
            "C" => {
                out.push_str(&format!("{} {}", name(dice), dice.pick(&["Group", "Bank", "Motors", "& Sons", "Energy"])))
            }
            "O" => out.push_str(dice.pick(&OFFICES)),
            "T" if dice.roll(3) == 0 => out.push_str(dice.pick(&PLACES)),
            "T" => out.push_str(&name(dice)),
            "L" => out.push_str(dice.pick(&LANDS)),
            "D" => out.push_str(dice.pick(&DAYS)),
            "N" => out.push_str(&(2 + dice.roll(97)).to_string()),
            "J" => out.push_str(dice.pick(&ADJECTIVES)),
            "W" => out.push_str(dice.pick(&DEEDS)),
            _ => out.push_str(dice.pick(&THINGS)),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
