//! The page's layout: which panels stand where is the style sheet's matter, their order is here.

use super::{App, Part};
use crate::plot::Light;
use crate::question::entry;
use crate::spec::StudyText;
use crate::ui::act::Act;
use crate::ui::belief::Belief;
use crate::ui::best::Best;
use crate::ui::browser;
use crate::ui::card::{Card, Which};
use crate::ui::check::Checker;
use crate::ui::controls::Controls;
use crate::ui::help::Help;
use crate::ui::lesson::Teacher;
use crate::ui::more::More;
use crate::ui::notice::Notices;
use crate::ui::play::{Games, Player};
use crate::ui::runs::Runs;
use crate::ui::searched::Searched;
use crate::ui::share::Share;
use crate::ui::slow::Strip;
use crate::ui::spaces::Spaces;
use crate::ui::table::Table;
use crate::ui::target::TargetCard;
use crate::ui::theme;
use crate::ui::verdict::Verdict;
use crate::ui::why::Why;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IntersectionObserver, IntersectionObserverEntry};
use yew::prelude::*;

impl App {
    pub(super) fn layout(&self) -> Html {
        let shown = self.shown(Part::Run);
        let (mind, trials) = (self.shown(Part::Mind), self.shown(Part::Trials));
        let (lane, cut, axes, layer, mindless) = {
            let view = shown.view();
            (
                self.lane_of(&view),
                self.cut_of(&view),
                self.axes_of(&view),
                self.layer_of(&view),
                App::is_mindless(&view),
            )
        };
        let point = self.point.clone();
        let (chosen, dark, act) = (self.chosen, self.dark, &self.act);
        let past = self.past.as_ref().map(|p| (p.trials, self.view.borrow().order.len()));
        let panel = |id| self.panels.of(id, self.light.as_deref().or(self.lesson_light()));
        let enlarged = self.panels.is_enlarged().then_some("enlarged");
        let checker = Checker {
            act: act.clone(),
            checked: self.checked.clone(),
        };
        html! {
            <ContextProvider<Checker> context={checker}><div class={classes!("page", enlarged, self.embedded.then_some("embedded"))}>
                <a class="skip" href="#results" onclick={skip()}>{ "Skip to the results" }</a>
                { self.controls() }
                <Notices notices={self.notices.clone()} {past} act={act.clone()} />
                if let Some(link) = &self.sharing { <Share link={link.clone()} own={self.is_own()} game={self.is_game()} act={act.clone()} /> }
                if self.choosing { <Games presets={self.catalog.presets.clone()} act={act.clone()} /> }
                if let Some(course) = &self.course { <Teacher course={course.clone()} shown={mind.clone()} act={act.clone()} /> }
                if let Some(runs) = &self.runs {
                    <Runs runs={runs.clone()} can_keep={!self.view.borrow().order.is_empty()} suggested={self.question.preset.clone().unwrap_or_else(|| "my run".into())} act={act.clone()} />
                }
                if self.blind.is_some() { <main class="playing"><div class="results" id="results" tabindex="-1">
                    <Spaces panel={panel("spaces")} truth={self.truth} brush={self.brush.clone()} shown={shown.clone()} {axes} {layer} {mindless} {chosen} point={point.clone().filter(|p| self.is_new(p))} {lane} {dark} blind=true act={act.clone()} />
                    <Player shown={mind.clone()} {point} can_try={self.can_play()} rivals={self.rivals()} act={act.clone()} />
                    <Best panel={panel("best")} brush={self.brush.clone()} shown={shown.clone()} {chosen} lane={self.lane} across={self.across} regret={self.regret} {dark} act={act.clone()} />
                    if !self.embedded { <section class="tried" aria-label="Your trials"><Table panel={panel("trials")} brush={self.brush.clone()} shown={trials} {chosen} {dark} act={act.clone()} /></section> }
                </div></main> } else { <main>
                    if !self.embedded {
                        <Searched undo={(!self.undone.0.is_empty(), !self.undone.1.is_empty())} panel={panel("searched")} shown={trials.clone()} question={self.question.clone()} own={self.own.clone()} catalog={self.catalog.clone()} {dark} {lane} act={act.clone()} />
                    }
                    <div class="results" id="results" tabindex="-1">
                        if let Some(phase) = self.phase { <Strip shown={mind.clone()} {phase} {dark} /> }
                        if self.is_game() { <Verdict shown={mind.clone()} running={self.busy} {dark} act={act.clone()} /> }
                        <Spaces panel={panel("spaces")} truth={self.truth} brush={self.brush.clone()} shown={shown.clone()} {axes} {layer} {mindless} {chosen} point={point.clone()} {lane} {dark} act={act.clone()} />
                        <Best panel={panel("best")} brush={self.brush.clone()} shown={shown.clone()} {chosen} lane={self.lane} across={self.across} regret={self.regret} {dark} act={act.clone()} />
                        <section class={classes!("mind", mindless.then_some("mindless"))} aria-label="Beliefs and trials">
                            <Belief light={self.light.as_deref().and_then(Light::named)} panel={panel("belief")} brush={self.brush.clone()} {mindless} shown={mind.clone()} {lane} {chosen} {cut} samples={self.samples} truth={self.truth} through_best={self.through_best} point={point.clone()} {dark} act={act.clone()} />
                            <div class="reasons">
                                <Why panel={panel("why")} shown={mind.clone()} {lane} {chosen} point={point.clone()} can_try={self.can_try()} learn={self.learn} catalog={self.catalog.clone()} {dark} act={act.clone()} />
                                if !self.embedded { <Table panel={panel("trials")} brush={self.brush.clone()} shown={trials.clone()} {chosen} {dark} act={act.clone()} /> }
                            </div>
                        </section>
                        if !self.embedded {
                            <More panel={panel("more")} shown={trials.clone()} picture={self.picture} {lane} {chosen} brush={self.brush.clone()} {dark} act={act.clone()} />
                        }
                        if self.panels.is_changed() {
                            <p class="unfold"><button class="small" onclick={act.reform(|_: MouseEvent| Act::ResetPanels)} title="All panels as they were laid out (0)">{ "Reset panels" }</button></p>
                        }
                    </div>
                </main> }
                if let Some(which) = &self.card { { self.card(which) } }
                <Help open={self.helping} act={act.clone()} />
            </div></ContextProvider<Checker>>
        }
    }

    /// The card that is open: of a data set or a function from the catalog, any other fetched.
    fn card(&self, which: &Which) -> Html {
        let (of, list) = match which.0 {
            "data" => ("data", &self.catalog.datasets),
            "fn" => ("fn", &self.catalog.functions),
            _ => return html! { <Card which={which.clone()} act={self.act.clone()} /> },
        };
        let Some(found) = entry(list, &which.1) else {
            return Html::default();
        };
        html! { <TargetCard entry={found.clone()} {of} shown={self.shown(Part::Trials)} act={self.act.clone()} /> }
    }

    /// Large type for a room, or not.
    pub(super) fn present(&mut self, on: bool) {
        // The address is read once there is a catalog, and says it then.
        if self.catalog.presets.is_empty() {
            return;
        }
        self.present = on;
        theme::present(on);
        self.question.page.set("present", on.then_some("1"));
        self.write_address();
    }

    /// Opens the page again in a language: its words are fetched before anything is drawn.
    pub(super) fn speak(&mut self, lang: &str) {
        self.question.page.set("lang", Some(lang));
        self.write_address();
        // Refused in some frames: the page then stays as it is.
        let _ = browser::window().location().reload();
    }

    /// Leaves the innermost of what is open: the large panel, the card, the share panel, the chosen trial.
    pub(super) fn escape(&mut self) {
        if self.panels.is_enlarged() {
            self.panels.enlarge(None);
        } else if self.card.take().is_some() {
            self.light = None;
        } else if self.choosing {
            self.choosing = false;
        } else if self.sharing.take().is_none() {
            (self.chosen, self.point) = (None, None);
        }
    }

    /// Whether a point picked by hand can be evaluated now.
    fn can_try(&self) -> bool {
        self.past.is_none()
            && !self.is_game()
            && !self.busy
            && self.prepared
            && self.edited.is_none()
            && self.want == super::Want::Rest
    }

    fn controls(&self) -> Html {
        let whole = || {
            let mut page = self.question.page.clone();
            page.set("embed", None);
            format!(
                "{}#{}",
                browser::page_address(),
                self.question.short(&self.catalog, &page)
            )
        };
        let seed = self.question.text.get("seed").map(str::to_string);
        let understood = || {
            let view = self.view.borrow();
            let text = StudyText::parse(&view.study.as_ref()?.text).0;
            text.get("seed").map(str::to_string)
        };
        html! {
            <Controls shown={self.shown(Part::Run)} state={self.state()} seconds={self.clock.seconds()} presets={self.catalog.presets.clone()}
                preset={self.question.preset.clone()} seed={seed.or_else(understood).unwrap_or_else(|| "0".into())} threads={self.threads}
                speed={self.speed} playing={self.is_blind()} embedded={self.embedded.then(whole)} act={self.act.clone()} />
        }
    }
}

/// The address's hash is the study: the skip link must not overwrite it.
fn skip() -> Callback<MouseEvent> {
    Callback::from(|e: MouseEvent| {
        e.prevent_default();
        if let Some(results) = browser::document().get_element_by_id("results") {
            let _ = results.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    })
}

/// Says once when the page, embedded in another, comes into view.
pub(super) fn when_visible(act: &Callback<Act>) {
    let act = act.clone();
    let mut seen = false;
    let watch = Closure::<dyn FnMut(js_sys::Array, JsValue)>::new(move |entries: js_sys::Array, _: JsValue| {
        let is_in = entries
            .iter()
            .any(|e| e.unchecked_into::<IntersectionObserverEntry>().is_intersecting());
        if is_in && !std::mem::replace(&mut seen, true) {
            act.emit(Act::Visible);
        }
    });
    if let (Ok(observer), Some(root)) = (
        IntersectionObserver::new(watch.as_ref().unchecked_ref()),
        browser::root(),
    ) {
        observer.observe(&root);
    }
    watch.forget();
}
