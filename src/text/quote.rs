//! Quotations: which marks open, which close, and which are apostrophes.
//!
//! A mark is judged by its own form, by what stands on either side of it, and by what is open. Straight and curly marks,
//! guillemets, and two apostrophes may be mixed, as articles do. What is never closed ends with its paragraph; where the
//! next paragraph opens again, the two are one quotation ([`Quote::continues`]).

use super::{NONE, Quote, Tag, Token, TokenKind};
use crate::base::Span;

/// How deep quotations may nest; marks beyond are left alone, so that time stays linear.
const DEEPEST: usize = 6;

/// What a token does for quotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Nothing,
    Opens,
    Closes,
}

/// The form of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// “ „ `` and ”, “ or ”, straight or two apostrophes.
    DoubleOpen,
    DoubleClose,
    Double,
    GuillemetOpen,
    GuillemetClose,
    /// ‘ ` and ’, and the straight one.
    SingleOpen,
    SingleClose,
    Single,
}

/// What the characters on either side make of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Opener,
    Closer,
    Either,
}

/// What stands beside a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Space,
    Word,
    Mark,
}

struct Mark {
    token: usize,
    form: Form,
    shape: Shape,
    /// Whether it may be the apostrophe of a plural possessive.
    possessive: bool,
    /// Whether a single closer follows before another single opener; and that before any double mark.
    closer_ahead: bool,
    closer_before_double: bool,
}

struct Open {
    token: usize,
    quote: usize,
    form: Form,
}

/// Reads quotations paragraph by paragraph, and remembers what the last one left open.
#[derive(Default)]
pub(crate) struct Reader {
    roles: Vec<Role>,
    marks: Vec<Mark>,
    stack: Vec<Open>,
    /// The quotation the last paragraph ended in.
    carry: Option<usize>,
}

impl Reader {
    /// The roles of the tokens of the paragraph read last.
    pub(crate) fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Reads one paragraph, whose first token has the index `first`; appends its quotations.
    pub(crate) fn read(&mut self, text: &str, tokens: &mut [Token], first: u32, quotes: &mut Vec<Quote>) {
        self.roles.clear();
        self.roles.resize(tokens.len(), Role::Nothing);
        self.stack.clear();
        self.find_marks(text, tokens);
        let from = quotes.len();
        let carry = self.carry.take();
        let restart = self.more_openers();
        let marks = std::mem::take(&mut self.marks);
        for mark in &marks {
            self.step(mark, tokens, first, quotes, from, carry, restart);
        }
        self.marks = marks;
        let unclosed = self.stack.first().map(|open| open.quote);
        let last = tokens.len() - 1;
        while let Some(open) = self.stack.pop() {
            finish(&open, last, None, tokens, first, quotes);
        }
        self.carry = unclosed.filter(|q| quotes.get(*q).is_some_and(|q| !q.single || q.tokens.end > q.tokens.start));
        self.settle(tokens, first, quotes, from);
    }

    fn find_marks(&mut self, text: &str, tokens: &[Token]) {
        self.marks.clear();
        let floor = tokens.first().map_or(0, |t| t.span.start) as usize;
        let ceiling = tokens.last().map_or(0, |t| t.span.end) as usize;
        for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Quote) {
            let Some(form) = form(token.text(text)) else { continue };
            let before = text.get(floor..token.span.start as usize).and_then(|t| t.chars().next_back());
            let after = text.get(token.span.end as usize..ceiling).and_then(|t| t.chars().next());
            let shape = shape(side(before, false), side(after, true));
            // 6'2": inches close nothing.
            if form == Form::Double && before.is_some_and(|c| c.is_ascii_digit()) && at > 0 {
                let number = tokens[at - 1].text(text);
                if number.contains(['\'', '’']) && number.starts_with(|c: char| c.is_ascii_digit()) {
                    continue;
                }
            }
            let next_lower = tokens.get(at + 1).is_some_and(|t| {
                t.span.start > token.span.end && t.text(text).chars().next().is_some_and(char::is_alphanumeric)
            });
            let possessive = next_lower && matches!(before, Some('s' | 'S' | 'z' | 'x'));
            self.marks.push(Mark {
                token: at,
                form,
                shape,
                possessive,
                closer_ahead: false,
                closer_before_double: false,
            });
        }
        let (mut ahead, mut before_double) = (false, false);
        for mark in self.marks.iter_mut().rev() {
            mark.closer_ahead = ahead;
            mark.closer_before_double = before_double;
            match (mark.form, mark.shape) {
                (Form::SingleOpen, _) | (Form::Single, Shape::Opener) => (ahead, before_double) = (false, false),
                (Form::Single | Form::SingleClose, Shape::Closer) => (ahead, before_double) = (true, true),
                (Form::Single | Form::SingleClose, _) => {}
                _ => before_double = false,
            }
        }
    }

    /// Whether the paragraph opens more double quotations than it closes: then one that opens while another is open
    /// shows that the first was never closed, rather than that it lies within it.
    fn more_openers(&self) -> bool {
        let (mut opens, mut closes) = (0usize, 0usize);
        for mark in &self.marks {
            match (mark.form, mark.shape) {
                (Form::DoubleOpen | Form::GuillemetOpen, _) | (Form::Double, Shape::Opener) => opens += 1,
                (Form::DoubleClose | Form::GuillemetClose, _) | (Form::Double, Shape::Closer) => closes += 1,
                _ => {}
            }
        }
        opens > closes
    }

    #[expect(clippy::too_many_arguments, reason = "one paragraph's state, borrowed apart")]
    fn step(
        &mut self,
        mark: &Mark,
        tokens: &[Token],
        first: u32,
        quotes: &mut Vec<Quote>,
        from: usize,
        carry: Option<usize>,
        restart: bool,
    ) {
        let double_open = self.stack.iter().any(|open| !open.form.is_single());
        let wants_close = match (mark.form, mark.shape) {
            (Form::SingleOpen | Form::Single | Form::SingleClose, _) => {
                return self.step_single(mark, tokens, first, quotes, double_open, carry);
            }
            (Form::DoubleOpen, Shape::Closer) => double_open,
            (Form::GuillemetOpen, shape) => double_open && shape == Shape::Closer,
            (Form::DoubleOpen, _) => false,
            (Form::DoubleClose | Form::GuillemetClose, shape) => double_open || shape != Shape::Opener,
            (Form::Double, Shape::Opener) => false,
            (Form::Double, Shape::Closer) => true,
            (Form::Double, Shape::Either) => double_open,
        };
        if !wants_close {
            if double_open && (restart || self.stack.len() >= DEEPEST) {
                if !restart {
                    return;
                }
                let last = mark.token.saturating_sub(1);
                while let Some(open) = self.stack.pop() {
                    finish(&open, last, None, tokens, first, quotes);
                }
            }
            return self.open(mark, tokens, first, quotes, carry);
        }
        if double_open {
            let guillemet = matches!(mark.form, Form::GuillemetClose | Form::GuillemetOpen);
            let fits = |open: &Open| (open.form == Form::GuillemetOpen) == guillemet && !open.form.is_single();
            let at = self.stack.iter().rposition(fits).or_else(|| self.stack.iter().rposition(|o| !o.form.is_single()));
            while self.stack.len() > at.map_or(0, |at| at + 1) {
                // Single marks that the closing double mark leaves open.
                if let Some(open) = self.stack.pop() {
                    finish(&open, mark.token.saturating_sub(1), None, tokens, first, quotes);
                }
            }
            if let Some(open) = self.stack.pop() {
                finish(&open, mark.token, Some(mark.token), tokens, first, quotes);
                self.set(mark.token, Role::Closes);
            }
            return;
        }
        // A closing mark with nothing open: the end of a quotation that the last paragraph left open.
        if let Some(carried) = carry
            && quotes.len() == from
            && mark.token > 0
            && mark.shape != Shape::Opener
            && quotes.get(carried).is_some_and(|q| !q.single)
        {
            let start = tokens[0].span.start;
            quotes.push(Quote {
                outer: Span { start, end: tokens[mark.token].span.end },
                inner: Span { start, end: tokens[mark.token - 1].span.end },
                tokens: first..first + mark.token as u32,
                closed: true,
                continues: carried as u32,
                single: false,
                depth: 0,
            });
            self.set(mark.token, Role::Closes);
        }
    }

    fn step_single(
        &mut self,
        mark: &Mark,
        tokens: &[Token],
        first: u32,
        quotes: &mut Vec<Quote>,
        double_open: bool,
        carry: Option<usize>,
    ) {
        let open = self.stack.last().is_some_and(|open| open.form.is_single());
        let ahead = if double_open { mark.closer_before_double } else { mark.closer_ahead };
        let opener = mark.shape == Shape::Opener || (mark.form == Form::SingleOpen && mark.shape != Shape::Closer);
        if opener && mark.form != Form::SingleClose {
            let first_mark = mark.token == 0 && mark.form == Form::SingleOpen;
            if (ahead || first_mark) && self.stack.len() < DEEPEST && !open {
                self.open(mark, tokens, first, quotes, carry);
            }
            return;
        }
        let closes = mark.shape == Shape::Closer && !(mark.possessive && ahead);
        if open
            && closes
            && let Some(open) = self.stack.pop()
        {
            finish(&open, mark.token, Some(mark.token), tokens, first, quotes);
            self.set(mark.token, Role::Closes);
        }
    }

    fn open(&mut self, mark: &Mark, tokens: &[Token], first: u32, quotes: &mut Vec<Quote>, carry: Option<usize>) {
        let span = tokens[mark.token].span;
        let single = mark.form.is_single();
        let continues = match carry {
            Some(carried) if mark.token == 0 && quotes.get(carried).is_some_and(|q| q.single == single) => {
                carried as u32
            }
            _ => NONE,
        };
        self.stack.push(Open { token: mark.token, quote: quotes.len(), form: mark.form });
        self.set(mark.token, Role::Opens);
        let after = first + mark.token as u32 + 1;
        quotes.push(Quote {
            outer: span,
            inner: Span { start: span.end, end: span.end },
            tokens: after..after,
            closed: false,
            continues,
            single,
            depth: (self.stack.len() - 1) as u8,
        });
    }

    fn set(&mut self, token: usize, role: Role) {
        if let Some(slot) = self.roles.get_mut(token) {
            *slot = role;
        }
    }

    /// Writes what was found into the tokens: tags and kinds of marks, and the outermost quotation of each token.
    fn settle(&self, tokens: &mut [Token], first: u32, quotes: &[Quote], from: usize) {
        for (token, role) in tokens.iter_mut().zip(&self.roles) {
            if token.kind == TokenKind::Quote {
                match role {
                    Role::Opens => token.tag = Tag::OpenQuote,
                    Role::Closes => token.tag = Tag::CloseQuote,
                    Role::Nothing => token.tag = Tag::CloseQuote,
                }
            }
        }
        for mark in self.marks.iter().filter(|m| m.form.is_single()) {
            // A single mark that neither opens nor closes is an apostrophe.
            if self.roles.get(mark.token) == Some(&Role::Nothing)
                && let Some(token) = tokens.get_mut(mark.token)
            {
                token.kind = TokenKind::Punct;
                token.tag = if mark.shape == Shape::Closer { Tag::POS } else { Tag::CloseQuote };
            }
        }
        for (at, quote) in quotes.iter().enumerate().skip(from).filter(|(_, q)| q.depth == 0) {
            let marks = u32::from(quote.outer.start < quote.inner.start);
            let low = (quote.tokens.start - first).saturating_sub(marks) as usize;
            let high = (quote.tokens.end - first) as usize + usize::from(quote.closed);
            for token in tokens.get_mut(low..high).unwrap_or_default() {
                token.quote = at as u32;
            }
        }
    }
}

/// Ends a quotation with the token `last`, which is its closing mark if `close` says so.
fn finish(open: &Open, last: usize, close: Option<usize>, tokens: &[Token], first: u32, quotes: &mut [Quote]) {
    let Some(quote) = quotes.get_mut(open.quote) else { return };
    let last = last.max(open.token);
    let inner_end = if close.is_some() { last.saturating_sub(1).max(open.token) } else { last };
    quote.closed = close.is_some();
    quote.outer.end = tokens[last].span.end;
    if inner_end > open.token {
        quote.inner.start = tokens[open.token + 1].span.start;
    }
    quote.inner.end = tokens[inner_end].span.end.max(quote.inner.start);
    quote.tokens.end = (first + inner_end as u32 + 1).max(quote.tokens.start);
}

impl Form {
    fn is_single(self) -> bool {
        matches!(self, Form::SingleOpen | Form::SingleClose | Form::Single)
    }
}

fn form(mark: &str) -> Option<Form> {
    Some(match mark {
        "\"" | "''" | "＂" => Form::Double,
        "“" | "„" | "‟" | "``" => Form::DoubleOpen,
        "”" | "’’" => Form::DoubleClose,
        "«" | "‹" => Form::GuillemetOpen,
        "»" | "›" => Form::GuillemetClose,
        "‘" | "`" | "‚" => Form::SingleOpen,
        "’" | "´" | "‛" => Form::SingleClose,
        "'" => Form::Single,
        _ => return None,
    })
}

/// What a neighbour counts as; to the right of a mark punctuation counts as space, to the left as part of the word.
fn side(neighbour: Option<char>, right: bool) -> Side {
    match neighbour {
        None => Side::Space,
        Some(c) if c.is_whitespace() => Side::Space,
        Some('"' | '\'') => Side::Mark,
        Some('-' | '–' | '—' | '―' | '/' | '|' | '=') => Side::Space,
        Some('(' | '[' | '{' | '<' | '“' | '‘' | '„' | '«' | '`') => {
            if right {
                Side::Word
            } else {
                Side::Space
            }
        }
        Some(c) if !c.is_alphanumeric() && !matches!(c, '$' | '£' | '€' | '#' | '@' | '¿' | '¡') => {
            if right {
                Side::Space
            } else {
                Side::Word
            }
        }
        Some(_) => Side::Word,
    }
}

fn shape(left: Side, right: Side) -> Shape {
    match (left, right) {
        (Side::Space | Side::Mark, Side::Word) | (Side::Space, Side::Mark) => Shape::Opener,
        (Side::Word | Side::Mark, Side::Space) | (Side::Word, Side::Mark) => Shape::Closer,
        _ => Shape::Either,
    }
}
