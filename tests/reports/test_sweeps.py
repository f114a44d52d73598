from attnaudit.records import Outcome
from attnaudit.reports.heat_map import MOST_LISTED, heat_maps
from attnaudit.reports.sweeps import unlisted_words, without_sweeps
from attnaudit.store.how_read import SpecialMass


def grid(layers, heads):
    return [f"layer.{layer}.head.{head}" for layer in range(layers) for head in range(heads)]


def test_a_few_heads_are_listed_one_by_one_and_many_are_not(swept, make_run):
    few = make_run(*swept(*grid(1, MOST_LISTED)))
    assert without_sweeps(few) == few
    assert unlisted_words(few, few) is None
    many = make_run(*swept(*grid(1, MOST_LISTED + 1)), *swept("layer.last", "layers"))
    listed = without_sweeps(many)
    assert [row.site for row in listed.claims] == ["layer.last", "layers"]
    count = MOST_LISTED + 1
    told = f"{count} decisions, at {count} attention sites, are in heat maps alone"
    assert unlisted_words(many, listed) == told


def test_groups_go_with_the_row_of_their_claim(swept, make_run):
    sites = grid(2, 4)
    groups = swept(*sites, group="label=good")
    assert without_sweeps(make_run(*swept(*sites), *groups)).claims == ()


def test_an_error_at_a_head_is_listed_whatever_else_is_in_the_map(swept, make_run):
    rows = swept(*grid(2, 4))
    broken = rows[3].model_copy(update={"outcome": Outcome.ERROR, "error": "it broke"})
    run = make_run(*rows[:3], broken, *rows[4:])
    assert without_sweeps(run).claims == (broken,)
    [found] = heat_maps(run.claims)
    assert len(found.rows) == 8


def test_of_a_model_in_heat_maps_alone_one_site_says_where_it_is_from(swept, make_run):
    rows = swept(*grid(2, 4))
    [entry] = make_run().models
    mass = SpecialMass(least=0.1, mean=0.2, most=0.3)
    about = [{"site": site, "special_mass": mass} for site in (*grid(2, 4), "layers")]
    entries = [entry.model_copy(update=one) for one in about]
    only = make_run(*rows, models=tuple(entries[:-1]))
    [standing] = without_sweeps(only).models
    assert (standing.site, standing.digest) == ("layer.0.head.0", entry.digest)
    assert standing.special_mass is None
    beside = make_run(*rows, *swept("layers"), models=tuple(entries))
    assert without_sweeps(beside).models == (entries[-1],)


def test_times_at_sites_that_are_not_listed_are_summed(swept, make_run):
    sites = grid(2, 4)
    performance = {f"news/{site}/documents": 1.0 for site in sites}
    performance |= {f"news/{site}/permutation 100": 0.5 for site in sites}
    performance |= {"news/layers/documents": 7.0}
    run = make_run(*swept(*sites, "layers"), performance=performance)
    shown = without_sweeps(run).performance
    assert shown.pop("news/layers/documents") == 7.0
    assert list(shown.values()) == [12.0]
