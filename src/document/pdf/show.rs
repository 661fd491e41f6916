//! The operators of a page that show text, and where on the page they show it.
//!
//! ISO 32000-1, 8.4 and 9.4. Running heads, page numbers and ornaments that the file itself marks as such are left out.

use std::collections::BTreeMap;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::super::error::DocumentError;
use super::font::{Font, Shown};
use super::lines::{Lines, Spot};

/// Forms that may lie in each other.
const FORMS: usize = 8;
/// States that may be kept for later.
const STATES: usize = 512;

/// Puts what a page shows into lines.
///
/// # Errors
///
/// More text than a document may hold.
pub(super) fn page(page: &Page<'_>, lines: &mut Lines) -> Result<(), DocumentError> {
    let (_, height) = page.render_dimensions();
    lines.begin(f64::from(height));
    let at = Matrix(page.initial_transform(true).as_coeffs());
    let mut canvas =
        Canvas { lines, state: State::new(at), kept: Vec::new(), hidden: 0, marks: Vec::new(), told: None };
    canvas.run(page.typed_operations(), page.resources(), FORMS)
}

/// An affine map: x' = a x + c y + e, y' = b x + d y + f.
#[derive(Debug, Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const SAME: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn of(numbers: [&Number; 6]) -> Self {
        Matrix(numbers.map(Number::as_f64))
    }

    fn moved(x: f64, y: f64) -> Self {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This map first, then the other.
    fn then(self, other: Matrix) -> Self {
        let ([a, b, c, d, e, f], [a2, b2, c2, d2, e2, f2]) = (self.0, other.0);
        Matrix([
            a * a2 + b * c2,
            a * b2 + b * d2,
            c * a2 + d * c2,
            c * b2 + d * d2,
            e * a2 + f * c2 + e2,
            e * b2 + f * d2 + f2,
        ])
    }
}

/// Where the next character stands, and the line that the next line counts from.
#[derive(Debug, Clone, Copy)]
struct Pen {
    text: Matrix,
    line: Matrix,
}

impl Pen {
    const START: Pen = Pen::at(Matrix::SAME);

    const fn at(place: Matrix) -> Self {
        Pen { text: place, line: place }
    }

    /// Begins another line, so far from the beginning of this one.
    fn next(&mut self, x: f64, y: f64) {
        *self = Pen::at(Matrix::moved(x, y).then(self.line));
    }

    /// Goes on along the line.
    fn skip(&mut self, by: f64) {
        self.text = Matrix::moved(by, 0.0).then(self.text);
    }
}

#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letters: f64,
    words: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl State {
    fn new(page: Matrix) -> Self {
        State { page, font: None, size: 0.0, letters: 0.0, words: 0.0, stretch: 1.0, leading: 0.0, rise: 0.0 }
    }
}

struct Canvas<'l> {
    lines: &'l mut Lines,
    state: State,
    kept: Vec<State>,
    /// Marked sequences around us that are no text of the page.
    hidden: usize,
    /// For each marked sequence, whether it is hidden and whether it tells its own text.
    marks: Vec<(bool, bool)>,
    /// What the marked sequence says in place of its glyphs; empty once it is said.
    told: Option<String>,
}

impl Canvas<'_> {
    fn run(&mut self, mut ops: TypedIter<'_>, resources: &Resources<'_>, forms: usize) -> Result<(), DocumentError> {
        let mut fonts: BTreeMap<Vec<u8>, Option<Rc<Font>>> = BTreeMap::new();
        let mut pen = Pen::START;
        let (depth, open) = (self.kept.len(), self.marks.len());
        while let Some(op) = ops.next() {
            match op {
                Op::SaveState(_) if self.kept.len() < depth + STATES => self.kept.push(self.state.clone()),
                Op::RestoreState(_) if self.kept.len() > depth => {
                    if let Some(state) = self.kept.pop() {
                        self.state = state;
                    }
                }
                Op::Transform(m) => {
                    self.state.page = Matrix::of([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]).then(self.state.page);
                }
                Op::BeginText(_) => pen = Pen::START,
                Op::CharacterSpacing(n) => self.state.letters = n.0.as_f64(),
                Op::WordSpacing(n) => self.state.words = n.0.as_f64(),
                Op::HorizontalScaling(n) => self.state.stretch = n.0.as_f64() / 100.0,
                Op::TextLeading(n) => self.state.leading = n.0.as_f64(),
                Op::TextRise(n) => self.state.rise = n.0.as_f64(),
                Op::TextFont(f) => {
                    let new = || resources.get_font(f.0).map(|dict| Rc::new(Font::new(&dict)));
                    self.state.font = fonts.entry(f.0.as_ref().to_vec()).or_insert_with(new).clone();
                    self.state.size = f.1.as_f64();
                }
                Op::NextLine(by) => {
                    pen.next(by.0.as_f64(), by.1.as_f64());
                }
                Op::NextLineAndSetLeading(by) => {
                    self.state.leading = -by.1.as_f64();
                    pen.next(by.0.as_f64(), by.1.as_f64());
                }
                Op::SetTextMatrix(m) => pen = Pen::at(Matrix::of([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5])),
                Op::NextLineUsingLeading(_) => {
                    pen.next(0.0, -self.state.leading);
                }
                Op::ShowText(show) => self.show(show.0.as_bytes(), &mut pen)?,
                Op::NextLineAndShowText(show) => {
                    pen.next(0.0, -self.state.leading);
                    self.show(show.0.as_bytes(), &mut pen)?;
                }
                Op::ShowTextWithParameters(show) => {
                    (self.state.words, self.state.letters) = (show.0.as_f64(), show.1.as_f64());
                    pen.next(0.0, -self.state.leading);
                    self.show(show.2.as_bytes(), &mut pen)?;
                }
                Op::ShowTexts(show) => {
                    for piece in show.0.iter::<Object<'_>>() {
                        match piece {
                            Object::String(string) => self.show(string.as_bytes(), &mut pen)?,
                            Object::Number(by) => {
                                let by = -by.as_f64() / 1000.0 * self.state.size * self.state.stretch;
                                pen.skip(by);
                            }
                            _ => {}
                        }
                    }
                }
                Op::XObject(name) => {
                    if let Some(object) = resources.get_x_object(name.0) {
                        self.object(&object, resources, forms)?;
                    }
                }
                Op::InlineImage(_) => self.lines.images = true,
                Op::BeginMarkedContent(mark) => self.mark(mark.0, None),
                Op::BeginMarkedContentWithProperties(mark) => {
                    let properties = match mark.1 {
                        Object::Dict(dict) => Some(dict.clone()),
                        Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
                        _ => None,
                    };
                    self.mark(mark.0, properties.as_ref());
                }
                Op::EndMarkedContent(_) if self.marks.len() > open => self.unmark(),
                _ => {}
            }
        }
        self.kept.truncate(depth);
        while self.marks.len() > open {
            self.unmark();
        }
        Ok(())
    }

    /// Runs a form as if its operators stood here, and takes note of an image.
    fn object(&mut self, object: &Stream<'_>, around: &Resources<'_>, forms: usize) -> Result<(), DocumentError> {
        let kind = object.dict().get::<Name<'_>>("Subtype");
        if kind.as_ref().is_some_and(|kind| kind.as_str() == "Image") {
            self.lines.images = true;
        }
        if forms == 0 || kind.is_none_or(|kind| kind.as_str() != "Form") {
            return Ok(());
        }
        let Ok(bytes) = object.decoded() else { return Ok(()) };
        let kept = self.state.clone();
        let numbers: Vec<f64> = object
            .dict()
            .get::<Array<'_>>("Matrix")
            .iter()
            .flat_map(|m| m.iter::<Number>())
            .map(|n| n.as_f64())
            .collect();
        if let Ok(numbers) = <[f64; 6]>::try_from(numbers) {
            self.state.page = Matrix(numbers).then(self.state.page);
        }
        let own = object.dict().get::<Dict<'_>>("Resources").map(Resources::new);
        let run = self.run(TypedIter::new(&bytes), own.as_ref().unwrap_or(around), forms - 1);
        self.state = kept;
        run
    }

    fn mark(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>) {
        let hidden = tag.as_str() == "Artifact";
        let said = properties.and_then(|p| p.get::<hayro_syntax::object::String<'_>>("ActualText"));
        let tells = said.is_some() && self.told.is_none();
        if let Some(said) = said.filter(|_| tells) {
            self.told = Some(super::string(said.as_bytes()));
        }
        self.hidden += usize::from(hidden);
        self.marks.push((hidden, tells));
    }

    fn unmark(&mut self) {
        let Some((hidden, tells)) = self.marks.pop() else { return };
        self.hidden -= usize::from(hidden);
        if tells {
            self.told = None;
        }
    }

    /// Shows a string, and moves the pen to its end.
    fn show(&mut self, string: &[u8], pen: &mut Pen) -> Result<(), DocumentError> {
        let Some(font) = self.state.font.clone() else { return Ok(()) };
        let State { page, size, letters, words, stretch, rise, .. } = self.state;
        let mut full = Ok(());
        font.each(string, |Shown { text: own, width, is_space }| {
            let at = pen.text.then(page).0;
            let wide = width / 1000.0 * size * stretch;
            let [a, b, c, d, ..] = at;
            // Along the line and across it, as the page shows them.
            let (along, across) = (a.hypot(b), c.hypot(d));
            let by = wide + (letters + if is_space { words } else { 0.0 }) * stretch;
            let said = match &mut self.told {
                Some(told) => std::mem::take(told),
                // A space that is taken back is none: some programs move letters together so.
                None if own == " " && by < 0.1 * size => String::new(),
                None => own.clone(),
            };
            // What stands on its side is no running text.
            let level = b.abs() <= a.abs() * 0.2 && a >= 0.0;
            if self.hidden == 0 && level {
                if own.is_empty() && said.is_empty() && self.told.is_none() {
                    self.lines.unreadable += 1;
                }
                let spot = Spot {
                    x: at[4] + c * rise,
                    y: at[5] + d * rise,
                    end: at[4] + wide * along,
                    size: (size * across).abs(),
                };
                if full.is_ok() {
                    full = self.lines.put(spot, &said);
                }
            }
            pen.skip(by);
        });
        full
    }
}
