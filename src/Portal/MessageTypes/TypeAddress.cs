using Kilde.Definitions.Model;

namespace Kilde.Portal.MessageTypes;

/// <summary>Where the pages and files of a message type are.</summary>
public static class TypeAddress
{
    public static string Of(MessageType type) => $"/meldingstyper/{type.Name}/{type.Version}";

    public static string Schema(MessageType type) => Of(type) + "/skjema.json";

    public static string Example(MessageType type) => $"{Of(type)}/eksempel.{Extension(type)}";

    public static string Documentation(MessageType type) => Of(type) + "/dokumentasjon.md";

    /// <summary>What files of the type's messages end in.</summary>
    public static string Extension(MessageType type) => type.Format.ToString().ToLowerInvariant();

    public static string Validation(MessageType type) => Of(type) + "/prov";
}
