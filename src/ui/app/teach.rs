//! Lessons: a step sets its study, a prediction starts the run.

use super::App;
use crate::question::Question;
use crate::spec::StudyText;
use crate::ui::act::{Act, State};
use crate::ui::browser;
use crate::ui::lesson::{Course, Turn};
use crate::ui::notice::Notice;
use crate::view::lesson::Lesson;
use std::rc::Rc;

impl App {
    pub(super) fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Open(name) => self.fetch_lesson(&name),
            Turn::Opened(text) => match text.as_deref().and_then(read) {
                Some(lesson) => {
                    self.course = Some(Course {
                        lesson: Rc::new(lesson),
                        at: 0,
                        answer: None,
                    });
                    self.enter();
                }
                None => {
                    self.question.page.set("lesson", None);
                    self.notify(Notice::error(
                        "lesson",
                        "There is no lesson of this name here, or it could not be fetched.",
                        "The page goes on without it.",
                    ));
                }
            },
            Turn::Go(to) => {
                if let Some(course) = &mut self.course {
                    (course.at, course.answer) = (to, None);
                    self.enter();
                }
            }
            Turn::Answer(choice) => {
                if let Some(course) = &mut self.course {
                    course.answer = Some(choice);
                }
                if matches!(
                    self.state(),
                    State::Starting | State::Ready | State::Step | State::Paused
                ) {
                    self.run_pause();
                }
            }
            Turn::Close => {
                self.course = None;
                self.question.page.set("lesson", None);
                self.write_address();
            }
        }
    }

    /// Fetches a lesson. Its name may come from the address: only a plain one is asked for.
    fn fetch_lesson(&mut self, name: &str) {
        let act = self.act.clone();
        let is_plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_plain {
            return act.emit(Act::Lesson(Turn::Opened(None)));
        }
        self.question.page.set("lesson", Some(name));
        browser::fetch_text(&format!("lessons/{name}.json"), move |text| {
            act.emit(Act::Lesson(Turn::Opened(text)));
        });
    }

    /// Sets the study of the step. Going back to one whose study is there keeps its trials.
    fn enter(&mut self) {
        let step = self.course.as_ref().and_then(|c| c.lesson.steps.get(c.at));
        let Some(text) = step.map(|s| s.study.clone()).filter(|s| !s.is_empty()) else {
            return;
        };
        let (question, _) = Question::read(&text, &self.catalog);
        if question.text != self.question.text {
            let page: StudyText = self.question.page.clone();
            self.question = Question { page, ..question };
            self.write_address();
            self.begin();
        }
    }

    /// The panel the lesson looks at.
    pub(super) fn lesson_light(&self) -> Option<&str> {
        let course = self.course.as_ref()?;
        Some(course.lesson.steps.get(course.at)?.light.as_str())
    }
}

fn read(text: &str) -> Option<Lesson> {
    let data = js_sys::JSON::parse(text).ok()?;
    serde_wasm_bindgen::from_value(data).ok()
}
