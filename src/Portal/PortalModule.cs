namespace Kilde.Portal;

/// <summary>The web pages.</summary>
public static class PortalModule;
