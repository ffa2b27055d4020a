"""Cluster DNS: what is each name's answer, and what does a Pod ask for the name it was given?"""
