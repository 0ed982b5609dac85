-- expand
-- A department is found by its id alone where a FHIR Location names it.

CREATE INDEX departments_by_id ON institutions.departments (id);
