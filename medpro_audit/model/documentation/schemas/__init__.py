"""The JSON Schemas of OpenAPI 2.0, 3.0 and 3.1 as the OpenAPI Initiative publishes them (Apache License 2.0).

Source: https://spec.openapis.org/oas/2.0/schema/2017-08-27, …/3.0/schema/2021-09-28, …/3.1/schema/2022-10-07.
"""
