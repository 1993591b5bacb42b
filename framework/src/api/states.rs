//! The states of an app.

use std::any::{Any, TypeId};
use std::sync::Arc;

/// The states of an app, by type.
#[derive(Debug, Default, Clone)]
pub struct States {
    own: Vec<(TypeId, Arc<dyn Any + Send + Sync>)>,
}

impl States {
    /// Adds a state, in the place of an earlier one of its type.
    pub fn insert<T: Send + Sync + 'static>(&mut self, state: Arc<T>) {
        self.own.retain(|(id, _)| *id != TypeId::of::<T>());
        self.own.push((TypeId::of::<T>(), state));
    }

    /// Takes one out.
    pub fn remove<T: 'static>(&mut self) {
        self.own.retain(|(id, _)| *id != TypeId::of::<T>());
    }

    /// Adds those of another whose types are not here.
    pub fn inherit(&mut self, outer: &Self) {
        for (id, state) in &outer.own {
            if !self.has(*id) {
                self.own.push((*id, state.clone()));
            }
        }
    }

    /// Whether there is one of a type.
    #[must_use]
    pub fn has(&self, id: TypeId) -> bool {
        self.own.iter().any(|(own, _)| *own == id)
    }

    /// The state of a type.
    #[must_use]
    pub fn find<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.any(TypeId::of::<T>()).and_then(|state| state.downcast_ref())
    }

    /// The state of a type, to be kept.
    #[must_use]
    pub fn shared<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.any(TypeId::of::<T>()).cloned().and_then(|state| state.downcast().ok())
    }

    fn any(&self, id: TypeId) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.own.iter().find(|(own, _)| *own == id).map(|(_, state)| state)
    }
}
