"""The batch run: tags what is untagged or changed. Killed at any point, the next run goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from models.engine import Engine, LocalEngine
from models.tagger import Tagger
from simak.errors import SimakError
from simak.reasons import CHANGED_MEANWHILE
from store.engine import Store
from store.models import Model, save_model
from store.runs import DONE, FAILED, INTERRUPTED, Lease, Run, save_run, start_run
from store.tags import save_tags, waiting

Progress = Callable[[int], None]


def tag_store(
    store: Store,
    tagger: Tagger,
    lease: Lease,
    *,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Run:
    """Tag every mention that `tagger` has not seen as it stands now.

    Batches are read as the engine asks for them and written as they come back, so memory does
    not grow with the store, and what is written stays written. The store is read and written
    here alone, whatever the engine is.

    Args:
        lease: held by the caller, renewed after each batch.
        engine: what tags, with taggers of the version of `tagger`; None for `tagger` itself.
        progress: called with the number of texts of each batch done.

    Returns:
        The run record; `got` counts the texts tagged.

    Raises:
        SimakError: the store refused; the run is recorded as failed where it still can be.
    """
    run = start_run(
        store, source="tagger", kind="tag", asked=f"model {tagger.version}", now=datetime.now(UTC)
    )
    try:
        save_model(store, Model(tagger.version, tagger.quality, run.started_at))
        tagging = (engine or LocalEngine(tagger)).tag_batches(waiting(store, tagger.version))
        with closing(tagging):
            for batch, tags in tagging:
                now = datetime.now(UTC)
                written = save_tags(store, batch, tags, model=tagger.version, now=now)
                run.got += len(batch)
                run.new += written
                if written < len(batch):
                    run.skip(CHANGED_MEANWHILE, len(batch) - written)
                lease.renew()
                if progress is not None:
                    progress(len(batch))
    except SimakError as error:
        run.status, run.error = FAILED, str(error)
        raise
    except BaseException:  # somebody stopped it, or there is a mistake in it
        run.status = INTERRUPTED
        raise
    else:
        run.status = DONE
    finally:
        run.finished_at = datetime.now(UTC)
        with store.write() as connection:
            save_run(connection, run)
    return run
