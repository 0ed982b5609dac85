"""Health Cloud (健康云): the open-source system a city's health service runs on."""
