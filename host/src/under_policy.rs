//! The policy, obeyed at once: a host lives for days, and what an administrator changes holds from the next request on.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::policy::Policy;
use crate::serve::{Accepted, Parts, Service};

/// Reads the policy at each request, and answers from a host that was started under exactly that policy.
///
/// A changed policy starts another host, which remembers nothing yet: what was shown under the earlier policy can't be agreed to any
/// more. What is running goes on in the host where it began, which ends with the last of it. As long as the policy can't be read, or no
/// host may be started under it, the answer is why.
pub(crate) struct UnderPolicy<R, F, S> {
    read: R,
    start: F,
    started: RefCell<Option<(Policy, Rc<S>)>>,
}

impl<R, F, S> UnderPolicy<R, F, S>
where
    R: Fn() -> Result<Policy, Failure>,
    F: Fn(Policy) -> Result<S, Failure>,
{
    /// `read` reads the policy, `start` starts a host under it.
    pub(crate) fn new(read: R, start: F) -> Self {
        Self { read, start, started: RefCell::default() }
    }

    /// The host for the policy as it is now.
    ///
    /// # Errors
    /// Those of `read` and `start`.
    pub(crate) fn current(&self) -> Result<Rc<S>, Failure> {
        let policy = (self.read)()?;
        let mut started = self.started.borrow_mut();
        if let Some((known, host)) = &*started
            && *known == policy
        {
            return Ok(Rc::clone(host));
        }
        let host = Rc::new((self.start)(policy.clone())?);
        *started = Some((policy, Rc::clone(&host)));
        Ok(host)
    }
}

impl<R, F, S> Service for UnderPolicy<R, F, S>
where
    R: Fn() -> Result<Policy, Failure> + 'static,
    F: Fn(Policy) -> Result<S, Failure> + 'static,
    S: Service,
{
    async fn answer(&self, request: Accepted, parts: Parts) -> Result<Box<RawValue>, Failure> {
        self.current()?.answer(request, parts).await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::failure::Reason;

    /// A policy that only its port tells from others.
    fn policy(port: u16) -> Policy {
        Policy { callback_port: Some(port), ..Policy::default() }
    }

    #[test]
    fn a_host_is_started_anew_when_the_policy_has_changed_and_only_then() {
        let (now, starts) = (RefCell::new(Ok(policy(1))), Cell::new(0));
        let start = |policy: Policy| {
            starts.set(starts.get() + 1);
            Ok(policy.callback_port)
        };
        let hosts = UnderPolicy::new(|| now.borrow().clone(), start);
        let first = hosts.current().unwrap();
        assert!(Rc::ptr_eq(&first, &hosts.current().unwrap()));
        *now.borrow_mut() = Ok(policy(2));
        assert_eq!((*hosts.current().unwrap(), *hosts.current().unwrap(), starts.get()), (Some(2), Some(2), 2));
        // Whatever is running in it still has it.
        assert_eq!(*first, Some(1));
    }

    #[test]
    fn a_policy_that_cant_be_read_stops_everything_until_it_can() {
        let now = RefCell::new(Ok(policy(1)));
        let hosts = UnderPolicy::new(|| now.borrow().clone(), |policy| Ok(policy.callback_port));
        let first = hosts.current().unwrap();
        *now.borrow_mut() = Err(Reason::PolicyUnreadable.into());
        for _ in 0..2 {
            assert_eq!(hosts.current().unwrap_err().reason(), Reason::PolicyUnreadable);
        }
        *now.borrow_mut() = Ok(policy(1));
        assert!(Rc::ptr_eq(&first, &hosts.current().unwrap()));
    }

    #[test]
    fn where_no_host_may_be_started_any_more_the_earlier_one_answers_nothing() {
        let now = Cell::new(1);
        let start = |policy: Policy| match policy.callback_port {
            Some(2) => Err(Reason::NotOurExtension.into()),
            port => Ok(port),
        };
        let hosts = UnderPolicy::new(|| Ok(policy(now.get())), start);
        for (port, allowed) in [(1, true), (2, false), (2, false), (1, true)] {
            now.set(port);
            let refused = hosts.current().map_err(|failure| failure.reason()).err();
            assert_eq!(refused, (!allowed).then_some(Reason::NotOurExtension), "{port}");
        }
    }
}
