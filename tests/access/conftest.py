import pytest
from django.db import transaction

from config.lib.tables import count_rows
from tests.access.files import plant_files
from tests.access.plant_agreements import plant_agreements
from tests.access.plant_authorities import plant_authorities
from tests.access.plant_committees import plant_committees
from tests.access.plant_conferences import plant_conferences
from tests.access.plant_coverage import plant_coverage
from tests.access.plant_development import plant_development
from tests.access.plant_dues import plant_dues
from tests.access.plant_funds import plant_funds
from tests.access.plant_households import plant_households
from tests.access.plant_instructors import plant_instructors
from tests.access.plant_matters import plant_matters
from tests.access.plant_members import plant_members
from tests.access.plant_mutual import plant_mutual
from tests.access.plant_pairs import plant_pairs
from tests.access.plant_papers import plant_papers
from tests.access.plant_plans import plant_plans
from tests.access.plant_projects import plant_projects
from tests.access.plant_reporting import plant_reporting
from tests.access.plant_reviews import plant_reviews
from tests.access.plant_rooms import plant_rooms
from tests.access.plant_school import plant_school
from tests.access.plant_teams import plant_teams
from tests.access.plant_work import (
    plant_activities,
    plant_audit,
    plant_liaison,
    plant_reports,
)
from tests.access.visits import Visitor
from tests.access.world import World, plant_structure


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The planted world, in a transaction that ends with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        plant_structure(world)
        plant_files(world)
        plant_funds(world)
        plant_rooms(world)
        plant_matters(world)
        plant_members(world)
        plant_mutual(world)
        plant_reporting(world)
        plant_development(world)
        plant_dues(world)
        plant_school(world)
        plant_committees(world)
        plant_activities(world)
        plant_papers(world)
        plant_plans(world)
        plant_reviews(world)
        plant_households(world)
        plant_teams(world)
        plant_projects(world)
        plant_liaison(world)
        plant_agreements(world)
        plant_pairs(world)
        plant_conferences(world)
        plant_authorities(world)
        plant_coverage(world)
        plant_instructors(world)
        plant_reports(world)
        plant_audit(world)
        # Autovacuum looks at these tables too, finds nothing committed in them, and
        # each page is then planned for empty tables: far slower. Statistics taken in
        # the transaction also keep it away.
        count_rows()
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visitor(world):
    return Visitor(world)
