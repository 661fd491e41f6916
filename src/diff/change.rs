//! Kinds of change, and the order of their importance.

use std::fmt;

use jiff::civil::Date;

use super::side::{Evidence, Stand};

/// What became of a position, from what matters most to what matters least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// From yes to no, or from no to yes.
    Reversed,
    /// One direction before; now statements that point in opposite directions decide.
    NowMixed,
    /// Opposite directions before, one now.
    NoLongerMixed,
    /// Further from 0, in the same direction or from 0.
    Hardened,
    /// Nearer to 0, or at it.
    Softened,
    /// There was no position before.
    FirstStated,
    /// The same stance, and now it hangs on something.
    ConditionAdded,
    /// The same stance, and it hangs on nothing any more.
    ConditionDropped,
    /// The same stance, and it hangs on something else.
    ConditionChanged,
    /// There is no position any more: nothing was said in the window.
    WentSilent,
    /// The same stance, and new statements behind it.
    Reaffirmed,
    /// The same in all that is known.
    Unchanged,
}

impl Kind {
    /// All kinds in the order of importance.
    pub const ALL: [Kind; 12] = [
        Kind::Reversed,
        Kind::NowMixed,
        Kind::NoLongerMixed,
        Kind::Hardened,
        Kind::Softened,
        Kind::FirstStated,
        Kind::ConditionAdded,
        Kind::ConditionDropped,
        Kind::ConditionChanged,
        Kind::WentSilent,
        Kind::Reaffirmed,
        Kind::Unchanged,
    ];

    /// Returns the kind in words.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Reversed => "reversed",
            Kind::NowMixed => "now mixed",
            Kind::NoLongerMixed => "no longer mixed",
            Kind::Hardened => "hardened",
            Kind::Softened => "softened",
            Kind::FirstStated => "first stated",
            Kind::ConditionAdded => "condition added",
            Kind::ConditionDropped => "condition dropped",
            Kind::ConditionChanged => "condition changed",
            Kind::WentSilent => "went silent",
            Kind::Reaffirmed => "reaffirmed",
            Kind::Unchanged => "unchanged",
        }
    }

    /// Tells whether the position differs; new statements for the same position are no difference.
    pub fn is_change(self) -> bool {
        !matches!(self, Kind::Reaffirmed | Kind::Unchanged)
    }

    /// Returns the kind that the comparison gives when it is turned round.
    pub fn mirrored(self) -> Kind {
        match self {
            Kind::NowMixed => Kind::NoLongerMixed,
            Kind::NoLongerMixed => Kind::NowMixed,
            Kind::Hardened => Kind::Softened,
            Kind::Softened => Kind::Hardened,
            Kind::FirstStated => Kind::WentSilent,
            Kind::WentSilent => Kind::FirstStated,
            Kind::ConditionAdded => Kind::ConditionDropped,
            Kind::ConditionDropped => Kind::ConditionAdded,
            same => same,
        }
    }

    /// Ranks kinds: those of one rank are told by how far the position moved.
    pub(super) fn rank(self) -> u8 {
        match self {
            Kind::Reversed => 0,
            Kind::NowMixed | Kind::NoLongerMixed => 1,
            Kind::Hardened | Kind::Softened => 2,
            Kind::FirstStated => 3,
            Kind::ConditionAdded | Kind::ConditionDropped | Kind::ConditionChanged => 4,
            Kind::WentSilent => 5,
            Kind::Reaffirmed => 6,
            Kind::Unchanged => 7,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What became of one party's position on one topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Id of the party.
    pub party: String,
    /// Id of the topic.
    pub topic: String,
    /// What became of it.
    pub kind: Kind,
    /// What became of its conditions, where the stance moved as well.
    pub condition: Option<Kind>,
    /// The position before.
    pub old: Option<Stand>,
    /// The position after.
    pub new: Option<Stand>,
    /// Everything that decided the new position was said by the old side's last day: nobody has moved since, it was read,
    /// or counted, only now.
    pub known_late: bool,
}

impl Change {
    /// Returns how far the position moved, where both stances are numbers; towards yes is more than 0.
    pub fn step(&self) -> Option<f64> {
        Some(self.new.as_ref()?.size()? - self.old.as_ref()?.size()?)
    }

    /// Tells whether a position of the change rests on low confidence.
    pub fn is_uncertain(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(|s| s.uncertain)
    }

    /// Returns the statement that shows the old position best, and the new.
    pub fn evidence(&self) -> (Option<&Evidence>, Option<&Evidence>) {
        (self.old.as_ref().and_then(|s| s.evidence.first()), self.new.as_ref().and_then(|s| s.evidence.first()))
    }
}

/// All that two sides have in common and in difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// What the old side is called.
    pub old: String,
    /// Its last day.
    pub old_as_of: Option<Date>,
    /// What the new side is called.
    pub new: String,
    /// Its last day.
    pub new_as_of: Option<Date>,
    /// Every position of either side, the most important change first.
    pub all: Vec<Change>,
}

impl Diff {
    /// Returns the positions that differ, the most important first.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.listed(false)
    }

    /// Returns the same, or with `all` every position.
    pub fn listed(&self, all: bool) -> impl Iterator<Item = &Change> {
        self.all.iter().filter(move |c| all || c.kind.is_change())
    }

    /// Returns how many positions went this way.
    pub fn count(&self, kind: Kind) -> usize {
        self.all.iter().filter(|c| c.kind == kind).count()
    }

    /// Tells whether nothing differs.
    pub fn is_same(&self) -> bool {
        self.changes().next().is_none()
    }
}
