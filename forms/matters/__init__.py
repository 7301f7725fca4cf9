"""事项 and 材料 per stage, and steps with their 完成时限, as data.

``lists``: what a stage may need; stages 1 and 2 are the 研判表's own boxes, 3 and 4 a list marked 参考. ``tracks``: a
document's steps in order, with the sentences that prescribe them. ``service``: the time limits and suspensions of
全代办.
"""
