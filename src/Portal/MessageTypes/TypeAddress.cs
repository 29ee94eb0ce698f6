using Kilde.Definitions.Model;

namespace Kilde.Portal.MessageTypes;

/// <summary>Where the pages and files of a message type are.</summary>
public static class TypeAddress
{
    public static string Of(MessageType type) => $"/meldingstyper/{type.Name}/{type.Version}";

    public static string Schema(MessageType type) => Of(type) + "/skjema.json";

    public static string Example(MessageType type) => Of(type) + "/eksempel.json";

    public static string Validation(MessageType type) => Of(type) + "/prov";
}
