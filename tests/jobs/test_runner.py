"""A job makes its changes in order, each once. What stands in the way decides how it goes on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Role
from apps.changes import machine
from apps.changes.engine import holds, tokens
from apps.changes.machine import NeedsFreshSignIn, NotAllowed, OtherBody
from apps.changes.models import Entry, Hold
from apps.changes.states import State as Outcome
from apps.jobs import services, sweeps
from apps.jobs.models import Job
from apps.jobs.states import State
from apps.jobs.turns import leases, runner
from apps.notifications.models import Notice
from apps.voicetel.client import errors
from tests.changes import world as played
from tests.changes.world import Keep, World, lost, raises
from tests.jobs.conftest import again, ran

pytestmark = pytest.mark.usefixtures("changes")
ITEMS = [f"n{at}" for at in range(12)]


@pytest.fixture
def drafted(cast: Any, world: World) -> Callable[..., Job]:
    def make(value: str = "new", items: list[str] = ITEMS, **named: Any) -> Job:
        change = Keep(named.pop("account", cast.harbor), "", value=value)
        return services.draft_same(change, items, by=named.pop("by", cast.manager))

    return make


@pytest.fixture
def started(drafted: Any, cast: Any) -> Callable[..., Job]:
    def make(*args: Any, by: Any = None, **named: Any) -> Job:
        by = by or cast.manager
        job = drafted(*args, by=by, **named)
        return services.start(job, by=by, mark=job.print, fresh_at=datetime.now(UTC))

    return make


def outcomes(job: Job) -> list[str]:
    return list(
        Entry.objects.of(job.account_id)
        .filter(job=job.pk)
        .order_by("pk")
        .values_list("state", flat=True)
    )


def test_a_draft_sends_nothing(drafted: Any, world: World) -> None:
    job = drafted()
    assert (job.state, job.total) == (State.DRAFT, 12)
    assert not runner.run(job.pk)
    assert world.calls == []


def test_each_change_is_made_once_and_in_order(started: Any, world: World) -> None:
    job = ran(started())
    assert job.state == State.DONE
    assert outcomes(job) == [Outcome.DONE] * 12
    assert [subject for _, subject, _ in world.calls] == ITEMS
    assert world.copy == dict.fromkeys(ITEMS, "new")
    assert len({key for _, _, key in world.calls}) == 12


def test_what_is_so_already_is_left_out_and_counted(
    harbor: Account, cast: Any, sandbox: Any
) -> None:
    from apps.numbers.changes import SetForward

    numbers = ["2015550110", "2015550113", "2015550114"]
    job = services.draft_same(SetForward(harbor, "", to="2015550199"), numbers, by=cast.manager)
    assert job.items == ["2015550110", "2015550114"], "2015550113 is forwarded there already"
    assert job.left_out == [["already set this way", 1]]


def test_a_start_pressed_twice_starts_once(drafted: Any, cast: Any, world: World) -> None:
    job = drafted()
    for _ in range(2):
        services.start(again(job), by=cast.manager, mark=job.print, fresh_at=None)
    ran(job)
    assert len(world.calls) == 12


def test_another_preview_than_the_one_shown_is_not_started(drafted: Any, cast: Any) -> None:
    job = drafted()
    with pytest.raises(OtherBody):
        services.start(job, by=cast.manager, mark="another", fresh_at=None)
    assert again(job).state == State.DRAFT


def test_only_those_who_may_change_start_it(drafted: Any, cast: Any) -> None:
    job = drafted()
    with pytest.raises(NotAllowed):
        services.start(job, by=cast.viewer, mark=job.print, fresh_at=None)


def test_danger_asks_once_for_a_fresh_sign_in_and_tells_owners_once(
    drafted: Any, cast: Any
) -> None:
    job = drafted("abroad")
    with pytest.raises(NeedsFreshSignIn):
        services.start(job, by=cast.manager, mark=job.print, fresh_at=None)
    services.start(job, by=cast.manager, mark=job.print, fresh_at=datetime.now(UTC))
    assert ran(job).state == State.DONE
    told = Notice.objects.of(cast.owner).values_list("kind", flat=True)
    assert list(told) == ["job_begun"], "and nothing for each of the twelve"


def test_a_refused_change_does_not_stop_the_others(started: Any, world: World) -> None:
    world.script = [raises(errors.Conflict("currently porting", status=409))]
    job = ran(started())
    assert job.state == State.DONE
    assert outcomes(job) == [Outcome.REFUSED, *[Outcome.DONE] * 11]


def test_a_lost_answer_is_looked_up_and_the_job_ends_after_it(
    started: Any, world: World, later: Any
) -> None:
    from apps.changes import sweeps as changes

    world.script = [lost]
    job = ran(started())
    assert job.state == State.RUNNING
    assert outcomes(job)[0] == Outcome.DOUBT
    later(60)
    changes.settle_due()
    assert ran(job).state == State.DONE
    assert outcomes(job) == [Outcome.DONE] * 12
    assert len(world.calls) == 12, "nothing was sent twice"


def test_a_low_balance_stops_it_and_the_rest_is_not_tried(started: Any, world: World) -> None:
    world.script = [lambda do: do(), raises(errors.BalanceTooLow("Balance too low", status=402))]
    job = ran(started())
    assert job.state == State.STOPPED
    assert "Balance too low" in job.reason
    assert outcomes(job) == [Outcome.DONE, Outcome.REFUSED, *[Outcome.CLOSED] * 10]
    assert len(world.calls) == 2


def test_it_waits_until_the_time_that_the_provider_names_and_burns_nothing(
    started: Any, world: World, later: Any
) -> None:
    at = played.in_an_hour()
    world.script = [raises(errors.RateLimited("slow down", retry_at=at))]
    job = ran(started())
    assert (job.state, job.due_at) == (State.WAITING, at)
    assert len(world.calls) == 1
    assert not runner.run(job.pk), "not before"
    later(3601)
    job = ran(job)
    assert job.state == State.DONE
    assert outcomes(job) == [Outcome.DONE] * 12


def test_while_the_provider_is_away_it_waits_and_then_does_all(
    started: Any, world: World, later: Any
) -> None:
    world.script = [raises(errors.NotSent("no connection"))] * 5
    job = ran(started())
    assert job.state == State.WAITING
    assert len(world.calls) == 5
    later(60)
    assert ran(job).state == State.DONE
    assert outcomes(job) == [Outcome.DONE] * 12


def test_one_that_moves_nothing_for_15_minutes_asks(started: Any, world: World, later: Any) -> None:
    world.script = [raises(errors.NotSent("no connection"))] * 500
    job = ran(started())
    for _ in range(12):
        later(301)
        if again(job).state != State.WAITING:
            break
        runner.run(job.pk)
    job = again(job)
    assert job.state == State.PAUSED
    assert "15 minutes" in job.reason
    assert Outcome.ASK not in outcomes(job), "the job asks, not its rows"


def test_pause_resume_and_stop_are_obeyed(started: Any, world: World, cast: Any) -> None:
    def paused(do: Callable[[], Any]) -> Any:
        services.pause(again(job), by=cast.manager)
        return do()

    job = started()
    world.script = [lambda do: do(), paused]
    ran(job)
    assert again(job).state == State.PAUSED
    assert outcomes(job) == [*[Outcome.DONE] * 2, *[Outcome.READY] * 10]
    assert not runner.run(job.pk)
    services.resume(again(job), by=cast.manager)

    def stopped(do: Callable[[], Any]) -> Any:
        services.stop(again(job), by=cast.manager)
        return do()

    world.script = [stopped]
    assert ran(job).state == State.STOPPED
    assert outcomes(job) == [*[Outcome.DONE] * 3, *[Outcome.CLOSED] * 9]


def test_a_lost_role_pauses_it_and_another_manager_goes_on(
    started: Any, world: World, cast: Any
) -> None:
    def lowered(do: Callable[[], Any]) -> Any:
        Membership.objects.filter(user=cast.manager).update(role=Role.VIEWER)
        return do()

    job = started()
    world.script = [lowered]
    job = ran(job)
    assert job.state == State.PAUSED
    assert "manager role" in job.reason
    with pytest.raises(NotAllowed):
        services.resume(again(job), by=cast.manager)
    services.resume(again(job), by=cast.owner)
    assert ran(job).state == State.DONE
    last = Entry.objects.of(cast.harbor).filter(job=job.pk).latest("pk")
    assert last.by == cast.owner, "who resumed it answers for the rest"


def test_a_dead_key_pauses_it_and_no_change_is_burnt(started: Any, world: World, cast: Any) -> None:
    def died(do: Callable[[], Any]) -> Any:
        Account.objects.filter(pk=cast.harbor.pk).update(key_state=Account.Key.DEAD)
        return do()

    job = started()
    world.script = [died]
    job = ran(job)
    assert job.state == State.PAUSED
    assert outcomes(job) == [Outcome.DONE, *[Outcome.READY] * 11]


def test_a_persons_newer_change_takes_the_place_of_the_jobs(
    started: Any, world: World, cast: Any
) -> None:
    def pressed(do: Callable[[], Any]) -> Any:
        machine.submit(Keep(cast.harbor, "n5", value="mine"), by=cast.owner, token=tokens.mint())
        return do()

    job = started()
    world.script = [pressed]
    job = ran(job)
    assert job.state == State.DONE
    assert world.kept["n5"] == "mine"
    assert outcomes(job).count(Outcome.CLOSED) == 1


def test_nothing_is_sent_while_a_hold_lasts(
    started: Any, world: World, cast: Any, later: Any
) -> None:
    hold = holds.take(cast.harbor, Hold.Over.EVERYTHING, "The key is turned.", seconds=30)
    assert hold
    job = ran(started())
    assert job.state == State.WAITING
    assert world.calls == []
    holds.release(hold.token)
    later(20)
    assert ran(job).state == State.DONE
    assert len(world.calls) == 12


def test_jobs_of_an_account_go_one_after_the_other(started: Any, world: World, later: Any) -> None:
    first, second = started("a"), started("b")
    assert not runner.run(second.pk)
    assert ran(first).state == State.DONE
    later(15)
    assert ran(second).state == State.DONE
    assert set(world.kept.values()) == {"b"}


def test_one_process_runs_a_job_and_a_killed_one_is_followed(
    started: Any, world: World, later: Any
) -> None:
    job = started()
    taken = leases.take(job.pk)
    assert taken
    assert leases.take(job.pk) is None
    later(31)
    assert ran(job).state == State.DONE
    assert not leases.renew(taken)


def test_rows_left_sending_by_a_killed_process_are_looked_up(
    started: Any, world: World, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.changes import sweeps as changes

    class Killed(BaseException):
        pass

    def killed(do: Callable[[], Any]) -> Any:
        do()
        raise Killed

    job = started()
    world.script = [lambda do: do(), killed]
    with pytest.raises(Killed):
        runner.run(job.pk)
    assert outcomes(job)[:3] == [Outcome.DONE, Outcome.SENDING, Outcome.READY]
    later(60)
    changes.settle_due()
    later(60)
    changes.settle_due()
    assert ran(job).state == State.DONE
    assert outcomes(job) == [Outcome.DONE] * 12
    assert sorted(subject for _, subject, _ in world.calls) == sorted(ITEMS), "none twice"


def test_a_turn_ends_and_the_next_goes_on(
    started: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = started()
    monkeypatch.setattr(runner, "TURN", 0.0)
    assert ran(job).state == State.PREPARING
    assert world.calls == []
    monkeypatch.setattr(runner, "TURN", 50.0)
    assert ran(job).state == State.DONE


def test_the_sweep_runs_what_no_worker_took(started: Any, world: World) -> None:
    job = started()
    sweeps.run_due()
    assert again(job).state == State.DONE


def test_drafts_are_forgotten_after_a_day_and_started_jobs_are_not(
    drafted: Any, started: Any, later: Any
) -> None:
    drafted("a")
    kept = started("b")
    later(timedelta(days=1, minutes=1).total_seconds())
    sweeps.forget()
    assert [job.pk for job in Job.objects.across_accounts()] == [kept.pk]


def test_a_jobs_rows_leave_the_accounts_places_to_people(
    started: Any, world: World, cast: Any
) -> None:
    from apps.changes.engine import places

    free: list[int] = []

    def look(do: Callable[[], Any]) -> Any:
        free.append(places.free(cast.harbor.pk))
        return do()

    world.script = [look]
    ran(started())
    assert free == [places.AT_ONCE]
