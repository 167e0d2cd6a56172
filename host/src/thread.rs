//! Work that blocks, kept off the one thread on which everything else happens.

use tokio::sync::oneshot;

/// Does `work` on a thread of its own; `None` if there can be no thread, or the work panicked.
///
/// Unlike the runtime's own blocking pool, such a thread never keeps the process from ending.
pub async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = oneshot::channel();
    let run = move || {
        let _nobody_waits = done.send(work());
    };
    std::thread::Builder::new().spawn(run).ok()?;
    result.await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn gives_back_what_the_work_gave() {
        assert_eq!(on_thread(|| 7).await, Some(7));
    }
}
