//! The relations of the parser: Universal Dependencies v1, as CoreNLP's basic dependencies name them.

macro_rules! rels {
    ($($name:ident $text:literal $doc:literal),+ $(,)?) => {
        /// How a token depends on its head.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        #[repr(u8)]
        pub enum Rel {
            /// Any other relation.
            #[default]
            Dep,
            $(#[doc = $doc] $name),+
        }

        impl Rel {
            /// All relations, in the order of their numbers.
            pub const ALL: &'static [Rel] = &[Rel::Dep, $(Rel::$name),+];

            /// Returns the relation's name in the treebanks.
            pub fn as_str(self) -> &'static str {
                match self { Rel::Dep => "dep", $(Rel::$name => $text),+ }
            }
        }
    };
}

rels! {
    Root "root" "The head of the sentence.",
    Punct "punct" "Punctuation.",
    Case "case" "Preposition, possessive ending.",
    Nmod "nmod" "Noun that modifies by a preposition.",
    NmodPoss "nmod:poss" "Possessor.",
    NmodTmod "nmod:tmod" "Noun that tells the time.",
    NmodNpmod "nmod:npmod" "Noun phrase as adverb.",
    Nsubj "nsubj" "Subject.",
    Nsubjpass "nsubjpass" "Subject of a passive.",
    Csubj "csubj" "Clause as subject.",
    Csubjpass "csubjpass" "Clause as subject of a passive.",
    Dobj "dobj" "Direct object.",
    Iobj "iobj" "Indirect object.",
    Ccomp "ccomp" "Clause as complement, with a subject of its own.",
    Xcomp "xcomp" "Clause as complement, without a subject of its own.",
    Advcl "advcl" "Clause as adverb.",
    Acl "acl" "Clause that modifies a noun.",
    AclRelcl "acl:relcl" "Relative clause.",
    Advmod "advmod" "Adverb.",
    Neg "neg" "Negation.",
    Aux "aux" "Auxiliary.",
    Auxpass "auxpass" "Auxiliary of a passive.",
    Cop "cop" "Copula.",
    Mark "mark" "Word that introduces a clause.",
    Det "det" "Determiner.",
    DetPredet "det:predet" "Predeterminer.",
    Amod "amod" "Adjective.",
    Nummod "nummod" "Number.",
    Compound "compound" "Part of a compound or a name.",
    CompoundPrt "compound:prt" "Particle of a verb.",
    Mwe "mwe" "Part of a fixed expression.",
    Appos "appos" "Apposition.",
    Conj "conj" "Conjunct; its head is the first one.",
    Cc "cc" "Coordinating conjunction.",
    CcPreconj "cc:preconj" "First part of a paired conjunction.",
    Parataxis "parataxis" "Clause set beside another.",
    Expl "expl" "Existential \"there\".",
    Discourse "discourse" "Interjection.",
}

impl Rel {
    /// Returns the relation with a number, if there is one.
    pub fn from_index(index: u8) -> Option<Rel> {
        Rel::ALL.get(index as usize).copied()
    }

    /// Returns the relation that the treebanks call by a name.
    pub fn from_name(name: &str) -> Option<Rel> {
        Rel::ALL.iter().copied().find(|r| r.as_str() == name)
    }

    /// Tells whether it is a subject of any kind.
    pub fn is_subject(self) -> bool {
        matches!(self, Rel::Nsubj | Rel::Nsubjpass | Rel::Csubj | Rel::Csubjpass)
    }

    /// Tells whether it heads a clause that belongs to its head.
    pub fn is_clause(self) -> bool {
        matches!(
            self,
            Rel::Ccomp
                | Rel::Xcomp
                | Rel::Advcl
                | Rel::Acl
                | Rel::AclRelcl
                | Rel::Csubj
                | Rel::Csubjpass
                | Rel::Parataxis
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_agree() {
        for (at, rel) in Rel::ALL.iter().enumerate() {
            assert_eq!(Rel::from_index(at as u8), Some(*rel));
            assert_eq!(Rel::from_name(rel.as_str()), Some(*rel));
        }
        assert!(Rel::ALL.len() <= crate::text::model::WIDTH);
    }
}
