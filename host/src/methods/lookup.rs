//! `lookup`: who the people of a thread are.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::bitrix24::Credentials;
use crate::bitrix24::envelope::NoSuccess;
use crate::crm::cache::KnownPerson;
use crate::crm::deals;
use crate::crm::findings::Findings;
use crate::crm::matching::{Sources, authors, nobody, referred};
use crate::crm::normalize::{Asked, Email, MOST_PEOPLE};
use crate::crm::plan::{self, DealList, FIRST_GROUP, Request};
use crate::crm::reference::PortalFacts;
use crate::crm::shorten::shorten;
use crate::crm::team::Team;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{Code, Lookup, LookupParams, Person, Role};

use super::reference::{CrmContext, facts, fetch};

/// What a lookup needs besides the portal.
pub struct LookupContext<'a, C> {
    /// The connection.
    pub crm: CrmContext<'a, C>,
    /// The person's id in the portal.
    pub user: u64,
    /// Addresses the person calls their own.
    pub own_addresses: &'a [String],
    /// Domains whose addresses belong to colleagues.
    pub team_domains: &'a [String],
    /// Whether threads of this mailbox (`None`: the page doesn't tell which) may be looked up.
    pub may_look_up: &'a dyn Fn(Option<&str>) -> Result<(), Failure>,
}

/// Looks up the people of a thread. `part` gets those known so far, whenever there are more.
///
/// # Errors
/// When the mailbox isn't switched on, or the portal tells nothing at all. What is missing of single people, or of the later
/// ones of many, is told in the result.
pub async fn lookup<C: Credentials>(
    context: &LookupContext<'_, C>,
    params: &LookupParams,
    part: impl FnMut(Lookup),
) -> Result<Lookup, Failure> {
    (context.may_look_up)(params.mailbox.as_deref())?;
    let started = context.crm.clock.now();
    let team = Team::new(context.user, context.own_addresses, context.team_domains);
    let oldest = if params.fresh { started } else { Timestamp::MIN };
    let mut lookup = Running {
        context,
        team,
        asked: Asked::new(&params.addresses),
        started,
        oldest,
        known: BTreeMap::new(),
        notices: Vec::new(),
        unasked: 0,
        part,
    };
    lookup.begin(started);
    if lookup.is_complete() {
        return Ok(lookup.result());
    }
    lookup.tell();
    lookup.ask().await?;
    Ok(lookup.result())
}

/// A lookup on its way.
struct Running<'a, C, P> {
    context: &'a LookupContext<'a, C>,
    team: Team,
    asked: Asked,
    started: Timestamp,
    /// What was learned earlier doesn't count.
    oldest: Timestamp,
    known: BTreeMap<Email, KnownPerson>,
    notices: Vec<Failure>,
    /// Rows nobody had asked for.
    unasked: usize,
    part: P,
}

impl<C: Credentials, P: FnMut(Lookup)> Running<'_, C, P> {
    /// Everything that can be told without asking.
    fn begin(&mut self, now: Timestamp) {
        if self.asked.too_many > 0 {
            let notice =
                Failure::new(Reason::TooManyPeople).with("count", self.asked.too_many).with("limit", MOST_PEOPLE);
            self.note(notice);
        }
        if self.asked.invalid > 0 {
            self.note(Failure::new(Reason::NotAnAddress).with("count", self.asked.invalid));
        }
        for email in self.asked.emails.clone() {
            if self.team.is_own(&email) {
                let person = nobody(&email, Role::Me, &[]);
                self.known.insert(email, KnownPerson { person, notices: Vec::new(), at: now });
            }
        }
        self.take_cached();
    }

    fn take_cached(&mut self) {
        let now = self.context.crm.clock.now();
        for email in self.unknown() {
            let cached = self.context.crm.memory.cache().people.get(&email, now).cloned();
            if let Some(mut known) = cached.filter(|known| known.at >= self.oldest) {
                known.person.role = self.team.again(known.person.role, &email);
                known.notices.iter().cloned().for_each(|notice| self.note(notice));
                self.known.insert(email, known);
            }
        }
    }

    /// Asks the portal: the first people to the end, so that the sidebar has something to show, then all others together.
    async fn ask(&mut self) -> Result<(), Failure> {
        self.take_turn(FIRST_GROUP).await?;
        // Another thread's lookup may have its turn in between.
        if let Err(failure) = self.take_turn(MOST_PEOPLE).await {
            let now = self.context.crm.clock.now();
            for email in self.unknown() {
                let person = nobody(&email, Role::NotLookedUp, std::slice::from_ref(&failure));
                self.known.insert(email, KnownPerson { person, notices: Vec::new(), at: now });
            }
        }
        Ok(())
    }

    /// Waits for others who ask, and asks about those whom they haven't asked about, at most so many.
    async fn take_turn(&mut self, most: usize) -> Result<(), Failure> {
        if self.is_complete() {
            return Ok(());
        }
        let _turn = self.context.crm.memory.turn().await;
        self.take_cached();
        let mut unknown = self.unknown();
        unknown.truncate(most);
        if unknown.is_empty() {
            return Ok(());
        }
        let facts = facts(&self.context.crm).await?;
        self.ask_about(&unknown, &facts).await
    }

    /// Looks up a group of people. When the portal stops answering, those it has told of are kept.
    async fn ask_about(&mut self, emails: &[Email], facts: &PortalFacts) -> Result<(), Failure> {
        let asked_at = self.context.crm.clock.now();
        let mut findings = Findings::default();
        let mut in_records = Vec::new();
        let mut stopped = Ok(());
        for (group, request) in plan::search(emails, facts.finds_users()) {
            stopped = self.send(&request, &mut findings).await;
            if stopped.is_err() {
                break;
            }
            let (with, without): (Vec<_>, Vec<_>) =
                group.iter().cloned().partition(|email| findings.has_records(email));
            in_records.extend(with);
            let people = self.draw_up(&without, &findings, facts);
            self.keep(people, &findings, asked_at);
            self.tell();
        }
        if let Err(failure) = self.read_records(&in_records, &mut findings, facts).await {
            findings.stopped(failure);
        }
        let mut people = self.draw_up(&in_records, &findings, facts);
        if let Some(newer) = self.newer_facts(&people).await {
            people = self.draw_up(&in_records, &findings, &newer);
        }
        self.keep(people, &findings, asked_at);
        self.unasked += findings.unasked;
        stopped
    }

    /// The facts read anew, if these people's deals and leads stand where the known ones know nothing of.
    async fn newer_facts(&self, people: &[(Email, Person)]) -> Option<PortalFacts> {
        let unknown = people.iter().flat_map(|(_, person)| deals::unknown_places(person)).collect();
        if !self.context.crm.memory.cache().doubts_facts(unknown, self.started) {
            return None;
        }
        // Without them ids stand for names.
        fetch(&self.context.crm, Purpose::Lookup).await.ok().map(|(facts, _)| facts)
    }

    /// Everything about people who are in records: which, what's in them, and what those refer to.
    async fn read_records(
        &self,
        emails: &[Email],
        findings: &mut Findings,
        facts: &PortalFacts,
    ) -> Result<(), Failure> {
        let memory = self.context.crm.memory;
        self.send_all(plan::search_again(emails, findings), findings).await?;
        let deal_list = memory.cache().deal_list;
        self.send_all(plan::records(emails, findings, deal_list), findings).await?;
        if !findings.deals_unknown.is_empty() {
            memory.cache().deal_list = DealList::Old;
        }
        self.send_all(plan::deals_again(emails, findings), findings).await?;
        let (companies, users) = referred(emails, findings);
        let now = self.context.crm.clock.now();
        let companies = memory.cache().companies.fill_in(&mut findings.companies, &companies, now);
        let users = memory.cache().users.fill_in(&mut findings.names, &users, now);
        let mut users = if facts.names_users() { users } else { Vec::new() };
        // Names of those who logged e-mails are asked for along with others: a hint isn't worth a request of its own.
        let authors = authors(findings);
        let authors = memory.cache().users.fill_in(&mut findings.names, &authors, now);
        if facts.names_users() && !(companies.is_empty() && users.is_empty()) {
            let others = authors.into_iter().filter(|id| !users.contains(id)).collect::<Vec<_>>();
            users.extend(others);
        }
        self.send_all(plan::names(&companies, &users), findings).await
    }

    async fn send_all(&self, requests: Vec<Request>, findings: &mut Findings) -> Result<(), Failure> {
        for request in requests {
            self.send(&request, findings).await?;
        }
        Ok(())
    }

    async fn send(&self, request: &Request, findings: &mut Findings) -> Result<(), Failure> {
        let client = self.context.crm.client;
        let reply = client.batch(Purpose::Lookup, request.batch.clone(), request.addresses()).await?;
        findings.absorb(request, &reply, &|method, no_success: &NoSuccess| client.explain(method, no_success));
        Ok(())
    }

    /// Turns findings into people.
    fn draw_up(&self, emails: &[Email], findings: &Findings, facts: &PortalFacts) -> Vec<(Email, Person)> {
        let portal = self.context.crm.client.portal();
        let sources = Sources { team: &self.team, portal, reference: &facts.reference, findings };
        emails.iter().map(|email| (email.clone(), sources.person(email))).collect()
    }

    /// Remembers people, for others too unless something is missing that may come later.
    fn keep(&mut self, people: Vec<(Email, Person)>, findings: &Findings, asked_at: Timestamp) {
        let mut cache = self.context.crm.memory.cache();
        cache.companies.learn(&findings.companies, asked_at);
        cache.users.learn(&findings.names, asked_at);
        let lasting = findings.notices.iter().all(|notice| notice.code() == Code::Refused);
        for (email, person) in people {
            let known = KnownPerson { person, notices: findings.notices.clone(), at: asked_at };
            if lasting && !findings.problems.contains_key(&email) {
                cache.people.put(email.clone(), known.clone(), asked_at);
            }
            self.known.insert(email, known);
        }
        drop(cache);
        findings.notices.iter().for_each(|notice| self.note(notice.clone()));
    }

    fn unknown(&self) -> Vec<Email> {
        self.asked.emails.iter().filter(|email| !self.known.contains_key(email)).cloned().collect()
    }

    fn is_complete(&self) -> bool {
        self.known.len() == self.asked.emails.len()
    }

    fn note(&mut self, notice: Failure) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    fn tell(&mut self) {
        if !self.known.is_empty() {
            let so_far = self.result();
            (self.part)(so_far);
        }
    }

    fn result(&self) -> Lookup {
        let known = || self.asked.emails.iter().filter_map(|email| self.known.get(email));
        let oldest = known().map(|known| known.at).min().unwrap_or_else(|| self.context.crm.clock.now());
        let portal = self.context.crm.client.portal();
        let unasked = (self.unasked > 0)
            .then(|| Failure::new(Reason::UnaskedRows).with("portal", portal).with("count", self.unasked));
        let mut people: Vec<_> = known().map(|known| known.person.clone()).collect();
        let cache = self.context.crm.memory.cache();
        people.iter_mut().for_each(|person| cache.chosen.put_first(person));
        drop(cache);
        shorten(&mut people);
        Lookup {
            people,
            as_of: u64::try_from(oldest.as_millisecond()).unwrap_or_default(),
            notices: self.notices.iter().chain(&unasked).map(Failure::to_wire).collect(),
            logged: self.context.crm.memory.pending.logged_with(&self.asked.emails),
        }
    }
}
