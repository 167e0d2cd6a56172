//! The fake portal over real HTTP, checked against what is documented and known of the real one.

#[cfg(test)]
mod activities;
#[cfg(test)]
mod binary;
#[cfg(test)]
mod client;
#[cfg(test)]
mod connect;
#[cfg(test)]
mod envelope;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod items;
#[cfg(test)]
mod legacy;
#[cfg(test)]
mod lookup;
#[cfg(test)]
mod timeline;
#[cfg(test)]
mod users;
