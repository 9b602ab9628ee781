//! The page: yew components over a view.
